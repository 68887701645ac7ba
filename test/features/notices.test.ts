import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox, script } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { deleteUsers, removeEmails, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

const OPEN = { ...NO_COOLDOWN, REFRESH_REUSE_WINDOW_SECONDS: "0" };
const { email: EMAIL, phone: PHONE } = JANE;

type World = ReturnType<typeof createWorld>;
type Tokens = { access_token: string; refresh_token: string };
type Act = (world: World) => Promise<unknown>;

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

/** Requests a secret at this path and returns the message. */
async function sent(world: World, path: string, body: object, token?: string) {
  await world.call("POST", path, { body, ...(token && { token }) });
  await world.flush();
  return outbox.last();
}

/**
 * The acts that send a notice: what precedes each, the act, the notified address and the subject.
 */
const ACTS: [string, (world: World, own: Tokens) => Promise<Act>, string, string][] = [
  [
    "a changed password",
    async (_, { access_token: token }) => {
      const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
      return (world) => world.call("POST", "/auth/change-password", { token, body });
    },
    EMAIL,
    "Your password was changed",
  ],
  [
    "a reset by link",
    async (world) => {
      const { token } = await sent(world, "/auth/forgot-password", { identifier: EMAIL });
      return (w) => w.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    },
    EMAIL,
    "Your password was changed",
  ],
  [
    "a reset by a mailed code",
    async (world) => {
      const { code: otp } = await sent(world, "/auth/request-reset", { identifier: EMAIL });
      return (w) => w.post("/auth/verify-reset", { identifier: EMAIL, otp, new_password: FRESH_PASSWORD });
    },
    EMAIL,
    "Your password was changed",
  ],
  [
    "a changed mail address",
    async (world, { access_token: token }) => {
      const body = { email: "new@example.com", password: PASSWORD };
      const { code: otp } = await sent(world, "/users/me/email", body, token);
      return (w) => w.call("POST", "/users/me/email/confirm", { token, body: { otp } });
    },
    EMAIL,
    "Your email address was changed",
  ],
  [
    "a changed phone number",
    async (world, { access_token: token }) => {
      const body = { phone: "+12025550144", password: PASSWORD };
      const { code: otp } = await sent(world, "/users/me/phone", body, token);
      return (w) => w.call("POST", "/users/me/phone/confirm", { token, body: { otp } });
    },
    PHONE,
    "",
  ],
  [
    "a changed username",
    async (_, { access_token: token }) =>
      (world) =>
        world.call("PATCH", "/users/me", { token, body: { username: "renamed" } }),
    EMAIL,
    "Your username was changed",
  ],
  [
    "a deleted account",
    async (world, { access_token: token }) => {
      const { code: otp } = await sent(world, "/auth/verify/resend", { identifier: EMAIL });
      await world.post("/auth/verify", { identifier: EMAIL, otp });
      return (w) => w.call("DELETE", "/users/me", { token, body: { password: PASSWORD } });
    },
    EMAIL,
    "Your account was deleted",
  ],
  [
    "a refresh token used twice",
    async (world, { refresh_token }) => {
      await world.refresh(refresh_token);
      return (w) => w.refresh(refresh_token);
    },
    EMAIL,
    "You were signed out on one device",
  ],
];

/** Jane, ready to perform this act. */
async function about(prepare: (typeof ACTS)[number][1]) {
  const { world, login } = await createWorldWithJane(OPEN);
  const act = await prepare(world, await login());
  await outbox.clear();
  world.sent.length = 0;
  return { world, act };
}

/** Runs the schedule and the queue this number of seconds later. */
async function later(world: World, seconds: number) {
  stopClock(Date.now() + seconds * 1000);
  await world.schedule();
  await world.flush();
}

describe.each(ACTS)("%s", (_, prepare, to, subject) => {
  it("notifies the owner once at the previous address, without personal data", async () => {
    const { world, act } = await about(prepare);

    await act(world);
    const messages = [...world.sent];
    await world.flush();

    expect(messages).toEqual([{ kind: "notice", id: expect.any(String) }]);
    const told = await outbox.only();
    expect(told).toMatchObject({ to, subject, code: "" });
    expect(told.text).toContain("auth.test");
    expect(told.text).not.toMatch(/jane/i);
    await world.deliver(messages);
    await later(world, 61);
    expect([(await outbox.all()).length, await rowCount("notices")]).toEqual([1, 0]);
  });

  it("notifies the owner even if the queue rejects the message at first", async () => {
    const { world, act } = await about(prepare);
    const broken = { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue;

    await act(createWorld({ ...OPEN, MESSAGES: broken }));
    expect(await rowCount("notices")).toBe(1);
    await later(world, 59);
    expect(await outbox.all()).toEqual([]);
    await later(world, 2);

    expect(await outbox.all()).toMatchObject([{ to }]);
  });

  it("notifies the owner even if the database's answer is lost", async () => {
    const { world, act } = await about(prepare);

    await act(createWorld({ ...OPEN, DB: failingD1(env.DB, 2, "after") }));
    expect(world.sent).toEqual([]);
    await later(world, 61);

    expect(await outbox.all()).toMatchObject([{ to }]);
  });

  it("leaves no notice if it fails", async () => {
    const { world, act } = await about(prepare);
    await act(createWorld({ ...OPEN, DB: failingD1(env.DB, 1, "before") }));
    expect(await rowCount("notices")).toBe(0);

    await act(world);
    await act(world);
    expect(await rowCount("notices")).toBe(1);
  });
});

describe("a notice", () => {
  const change = ACTS[0]![1];

  it("is queued once more, not every minute, while its provider is down, and arrives once", async () => {
    const { world, act } = await about(change);
    await act(world);
    const [first] = world.sent.splice(0);
    await script(...Array(3).fill({ status: 500, body: "{}" }));
    await world.deliver([first]);

    stopClock(Date.now() + 61_000);
    for (let minute = 0; minute < 3; minute++) await world.schedule();
    expect(world.sent).toEqual([first]);
    await outbox.clear();
    await world.flush();
    await world.deliver([first], { attempts: 2 });

    expect(await outbox.all()).toHaveLength(1);
  });

  it("is queued again until the queue accepts it", async () => {
    const { world, act } = await about(change);
    const broken = createWorld({
      ...OPEN,
      MESSAGES: { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue,
    });
    await act(broken);

    stopClock(Date.now() + 61_000);
    await broken.schedule();
    await later(world, 60);

    expect(await outbox.all()).toHaveLength(1);
  });

  it("outlives its account", async () => {
    const { world, act } = await about(change);
    await act(world);
    await deleteUsers();
    await world.flush();

    expect(await outbox.all()).toMatchObject([{ to: EMAIL, subject: "Your password was changed" }]);
    expect(await rowCount("notices")).toBe(0);
  });

  it("is a text message if the account has no email address", async () => {
    const { world, act } = await about(change);
    await removeEmails();
    await act(world);
    await world.flush();
    expect(await outbox.all()).toMatchObject([{ to: PHONE, subject: "", text: expect.stringContaining("password") }]);
  });

  it("does not prevent a change if the account has no address", async () => {
    const { world, act } = await about(change);
    await env.DB.exec("update users set email = null, phone = null");

    await act(world);
    expect((await logIn(world, "janedoe", FRESH_PASSWORD)).status).toBe(200);
    expect(await rowCount("notices")).toBe(0);
  });

  it("is purged with the events of its time if it was never sent", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, act } = await about(change);
    await act(world);
    stopClock(start + 7_776_000_000);
    await world.schedule();
    expect(await rowCount("notices")).toBe(1);
    stopClock(start + 7_776_000_001);
    await world.schedule();
    expect(await rowCount("notices")).toBe(0);
  });
});
