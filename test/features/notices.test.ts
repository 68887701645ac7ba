import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox, script } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { deleteUsers, removeEmails, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

const OPEN = { ...NO_COOLDOWN, REFRESH_REUSE_WINDOW_SECONDS: "0" };
const EMAIL = "jane.doe@example.com";
const PHONE = "+15555550123";

type World = ReturnType<typeof createWorld>;
type Tokens = { access_token: string; refresh_token: string };
type Act = (world: World) => Promise<unknown>;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

/** Asks for a secret at this path and answers what was sent. */
async function sent(world: World, path: string, body: object, token?: string) {
  await world.call("POST", path, { body, ...(token && { token }) });
  await world.flush();
  return outbox.last();
}

/** Each act that is told: what goes before it, the act itself, whom it is told to and as what. */
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
    "a reset by text",
    async (world) => {
      const { code: otp } = await sent(world, "/auth/request-reset", { identifier: PHONE });
      return (w) => w.post("/auth/verify-reset", { identifier: PHONE, otp, new_password: FRESH_PASSWORD });
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
    "Your e-mail address was changed",
  ],
  [
    "a changed phone number",
    async (world, { access_token: token }) => {
      const body = { phone: "+15555550144", password: PASSWORD };
      const { code: otp } = await sent(world, "/users/me/phone", body, token);
      return (w) => w.call("POST", "/users/me/phone/confirm", { token, body: { otp } });
    },
    PHONE,
    "",
  ],
  [
    "a refresh token used twice",
    async (world, { refresh_token }) => {
      await world.refresh(refresh_token);
      return (w) => w.refresh(refresh_token);
    },
    EMAIL,
    "You were logged out on one device",
  ],
];

/** Jane, about to do this. */
async function about(prepare: (typeof ACTS)[number][1]) {
  const { world, login } = await createWorldWithJane(OPEN);
  const act = await prepare(world, await login());
  await outbox.clear();
  world.sent.length = 0;
  return { world, act };
}

/** What the schedule does this much later, and the queue with it. */
async function later(world: World, seconds: number) {
  stopClock(Date.now() + seconds * 1000);
  await world.schedule();
  await world.flush();
}

describe.each(ACTS)("%s", (_, prepare, to, subject) => {
  it("is told to the address that was the owner's before, once, in words that name nobody", async () => {
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

  it("is told although the queue does not take it at once", async () => {
    const { world, act } = await about(prepare);
    const broken = { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue;

    await act(createWorld({ ...OPEN, MESSAGES: broken }));
    expect(await rowCount("notices")).toBe(1);
    await later(world, 59);
    expect(await outbox.all()).toEqual([]);
    await later(world, 2);

    expect(await outbox.all()).toMatchObject([{ to }]);
  });

  it("is told although the answer of the database is lost", async () => {
    const { world, act } = await about(prepare);

    await act(createWorld({ ...OPEN, DB: failingD1(env.DB, 2, "after") }));
    expect(world.sent).toEqual([]);
    await later(world, 61);

    expect(await outbox.all()).toMatchObject([{ to }]);
  });

  it("leaves no notice when it does not happen", async () => {
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

  it("whose provider is away is asked for once more, not each minute, and arrives once", async () => {
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

  it("is asked for again as long as the queue does not take it", async () => {
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

  it("ends with its account", async () => {
    const { world, act } = await about(change);
    await act(world);
    await deleteUsers();

    await world.flush();

    expect([await outbox.all(), await rowCount("notices")]).toEqual([[], 0]);
  });

  it("is a text where there is no mail address", async () => {
    const { world, act } = await about(change);
    await removeEmails();
    await act(world);
    await world.flush();

    expect(await outbox.all()).toMatchObject([{ to: PHONE, subject: "", text: expect.stringContaining("password") }]);
  });

  it("that can reach nobody stops no change", async () => {
    const { world, act } = await about(change);
    await env.DB.exec("update users set email = null, phone = null");

    await act(world);

    expect((await world.post("/auth/login", { identifier: "janedoe", password: FRESH_PASSWORD })).status).toBe(200);
    expect(await rowCount("notices")).toBe(0);
  });

  it("that was never sent is forgotten with the events of its time", async () => {
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
