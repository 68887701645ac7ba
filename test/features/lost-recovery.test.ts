import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { verifyPhones } from "../support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

const EMAIL = "jane.doe@example.com";
const PHONE = "+12025550123";
const NEW_EMAIL = "new@example.com";

type World = ReturnType<typeof createWorld>;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

/** An act that spends a secret: its status, how to request and use it, and whether it is done. */
interface Act {
  done: 200 | 204;
  ask(world: World, token: string): Promise<unknown>;
  use(world: World, secret: { token: string; code: string }, token: string): Promise<{ status: number }>;
  isDone(world: World, token: string): Promise<boolean>;
}

const logsIn = async (world: World, password: string) => (await logIn(world, "janedoe", password)).status === 200;

/** Exactly one of the two passwords is valid. */
async function isReset(world: World) {
  const [old, fresh] = [await logsIn(world, PASSWORD), await logsIn(world, FRESH_PASSWORD)];
  expect(old).toBe(!fresh);
  return fresh;
}

const ACTS: Record<string, Act> = {
  "a reset by link": {
    done: 204,
    ask: (world) => world.post("/auth/forgot-password", { identifier: EMAIL }),
    use: (world, { token }) => world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD }),
    isDone: isReset,
  },
  "a reset by code": {
    done: 204,
    ask: (world) => world.post("/auth/request-reset", { identifier: PHONE }),
    use: (world, { code }) =>
      world.post("/auth/verify-reset", { identifier: PHONE, otp: code, new_password: FRESH_PASSWORD }),
    isDone: isReset,
  },
  "a verification": {
    done: 204,
    ask: (world) => world.post("/auth/verify/resend", { identifier: EMAIL }),
    use: (world, { code }) => world.post("/auth/verify", { identifier: EMAIL, otp: code }),
    isDone: async (world, token) => (await world.me(token)).json.email_verified,
  },
  "a change of address": {
    done: 200,
    ask: (world, token) =>
      world.call("POST", "/users/me/email", { token, body: { email: NEW_EMAIL, password: PASSWORD } }),
    use: (world, { code }, token) => world.call("POST", "/users/me/email/confirm", { token, body: { otp: code } }),
    isDone: async (world, token) => (await world.me(token)).json.email === NEW_EMAIL,
  },
};

describe.each(Object.entries(ACTS))("%s", (_, act) => {
  /** Jane with two sessions and a requested secret. */
  async function asked() {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    if (act === ACTS["a reset by code"]) await verifyPhones();
    const [own, other] = [await login(), await login()];
    const ask = async () => {
      await act.ask(world, own.access_token);
      await world.flush();
      return outbox.last();
    };
    return { world, own, other, ask, secret: await ask() };
  }

  it.each([1, 2])(
    "changes nothing if its database call %i fails before the commit, and works when retried",
    async (n) => {
      const { world, own, other, secret } = await asked();

      const failed = await act.use(
        createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, n, "before") }),
        secret,
        own.access_token,
      );

      expect(failed.status).toBe(503);
      expect(await act.isDone(world, own.access_token)).toBe(false);
      expect((await world.refresh(other.refresh_token)).status).toBe(200);
      expect((await act.use(world, secret, own.access_token)).status).toBe(act.done);
    },
  );

  it("works when retried if the database's first answer is lost", async () => {
    const { world, own, secret } = await asked();

    await act.use(createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, 1, "after") }), secret, own.access_token);

    expect((await act.use(world, secret, own.access_token)).status).toBe(act.done);
  });

  it("is complete, with its secret spent, if the database's last answer is lost", async () => {
    const { world, own, other, ask, secret } = await asked();

    await act.use(createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, 2, "after") }), secret, own.access_token);

    // The session of a change of address was replaced, and the answer with its successor is lost.
    const isReplaced = act.done === 200;
    expect((await act.use(world, secret, own.access_token)).status).toBe(isReplaced ? 401 : 400);
    const isReset = act.isDone === ACTS["a reset by link"]!.isDone;
    if (isReset) {
      expect(await act.isDone(world, own.access_token)).toBe(true);
      for (const { refresh_token } of [own, other]) expect((await world.refresh(refresh_token)).status).toBe(401);
      stopClock(Date.now() + 60_000);
      await world.schedule();
      expect(await env.DENYLIST.get(`sid:${sidOf(own.access_token)}`)).not.toBeNull();
      expect((await act.use(world, await ask(), own.access_token)).status).toBe(act.done);
    } else {
      const { access_token } = isReplaced ? (await logIn(world)).json : own;
      expect(await act.isDone(world, access_token)).toBe(true);
    }
  });

  it.each([
    [1, "before"],
    [1, "after"],
    [2, "before"],
    [2, "after"],
    [3, "before"],
    [3, "after"],
  ] as const)("is sent even if the queue's database call %i fails %s the commit", async (n, when) => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    if (act === ACTS["a reset by code"]) await verifyPhones();
    const { access_token: token } = await login();
    await act.ask(world, token);
    const message = { id: "m-", timestamp: new Date() };

    const failing = createWorld({ ...NO_COOLDOWN, DB: failingD1(env.DB, n, when) });
    const { retried } = await failing.deliver(world.sent, message);
    if (retried.length > 0) await world.deliver(world.sent, { ...message, attempts: 2 });

    expect((await act.use(world, await outbox.only(), token)).status).toBe(act.done);
  });
});
