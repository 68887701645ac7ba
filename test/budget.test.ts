import nodeCrypto from "node:crypto";
import { expect, it, vi } from "vitest";
import { NO_COOLDOWN, outbox } from "./support/outbox.ts";
import { passkeySignUp } from "./support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "./support/passwords.ts";
import { logIn, wrongCode } from "./support/people.ts";
import type { Cost } from "./support/route.ts";
import { ROUTES, routeOf } from "./support/routes.ts";
import { perform, prepare } from "./support/scenarios.ts";
import { createWorld, createWorldWithJane, type World } from "./support/world.ts";

interface Operation {
  status: number;
  cost: Partial<Cost>;
  act: () => Promise<{ status: number }>;
  world: World;
}

/**
 * Round trips are the latency, so they are counted, not timed. What follows the answer counts too.
 */
async function expectWithinBudget({ status, cost, act, world }: Operation) {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  const trips = await world.cost(async () => expect((await act()).status).toBe(status));
  const spent: Cost = { ...trips, hashes: scrypt.mock.calls.length };
  scrypt.mockRestore();

  for (const name of ["d1", "kv", "queue", "hashes"] as const) {
    expect(spent[name], name).toBeLessThanOrEqual(cost[name] ?? 0);
  }
}

it.each(Object.keys(ROUTES))("%s stays within the budget of its row", async (name) => {
  const { world, scenario } = await prepare(name);

  await expectWithinBudget({ ...routeOf(name), act: () => perform(world, scenario), world });
});

/** Jane, signed in three times. */
async function signedInThrice() {
  const { world, login } = await createWorldWithJane(NO_COOLDOWN);
  const [first, second] = [await login(), await login(), await login()];
  const refreshed = async () => {
    await world.refresh(second.refresh_token);
    return second;
  };
  const requested = async (path: string) => {
    await world.post(path, { identifier: "janedoe" });
    await world.flush();
    return outbox.last();
  };
  return { world, token: first.access_token, second, refreshed, requested };
}
type Jane = Awaited<ReturnType<typeof signedInThrice>>;

const changePassword = (world: World, token: string, old_password: string) =>
  world.call("POST", "/auth/change-password", { token, body: { old_password, new_password: FRESH_PASSWORD } });
const reset = (world: World, token: string) =>
  world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

type Act = () => Promise<{ status: number }>;

interface Variant {
  status: number;
  cost: Partial<Cost>;
  /** Settings of the world whose cost is measured, where they differ. */
  settings?: Partial<Env>;
  /** Sets up what the request needs and returns the request. */
  arrange: (jane: Jane, measured: World) => Act | Promise<Act>;
}

const NO_REUSE_WINDOW = { REFRESH_REUSE_WINDOW_SECONDS: "0" };

/** The costs of requests that the rows of the routes do not cover. */
const VARIANTS: Record<string, Variant> = {
  "registering a taken address": {
    status: 409,
    cost: { d1: 1, queue: 1, hashes: 1 },
    arrange: (_, measured) => () =>
      measured.post("/auth/register", { email: "jane.doe@example.com", password: PASSWORD }),
  },
  "registering with a passkey": {
    status: 201,
    cost: { d1: 1, queue: 1 },
    async arrange(_, measured) {
      const { body } = await passkeySignUp(measured, { email: "kim@example.com" });
      return () => measured.post("/auth/register", body);
    },
  },
  "a login that replaces the hash": {
    status: 200,
    cost: { d1: 3, hashes: 2 },
    settings: { SCRYPT_PARAMS: "ln=15,r=8,p=3" },
    arrange: (_, measured) => () => logIn(measured),
  },
  "a login with a wrong password": {
    status: 401,
    cost: { d1: 2, hashes: 1 },
    arrange: (_, measured) => () => logIn(measured, "janedoe", WRONG_PASSWORD),
  },
  "a login with an unknown identifier": {
    status: 401,
    cost: { d1: 2, hashes: 1 },
    arrange: (_, measured) => () => logIn(measured, "nobody", PASSWORD),
  },
  "a repeated refresh within the reuse window": {
    status: 200,
    cost: { d1: 1 },
    async arrange({ refreshed }, measured) {
      const { refresh_token } = await refreshed();
      return () => measured.refresh(refresh_token);
    },
  },
  "the reuse of a refresh token": {
    status: 401,
    cost: { d1: 2, kv: 1, queue: 1 },
    settings: NO_REUSE_WINDOW,
    async arrange({ refreshed }, measured) {
      const { refresh_token } = await refreshed();
      return () => measured.refresh(refresh_token);
    },
  },
  "a refresh after reuse was detected": {
    status: 401,
    cost: { d1: 1 },
    settings: NO_REUSE_WINDOW,
    async arrange({ refreshed }, measured) {
      const { refresh_token } = await refreshed();
      await measured.refresh(refresh_token);
      return () => measured.refresh(refresh_token);
    },
  },
  "a second logout of the same session": {
    status: 204,
    cost: { d1: 1, kv: 1 },
    async arrange({ world, second: { refresh_token } }, measured) {
      await world.logout({ refresh_token });
      return () => measured.logout({ refresh_token, scope: "global" });
    },
  },
  "ending an unknown session": {
    status: 404,
    cost: { d1: 1 },
    arrange:
      ({ token }, measured) =>
      () =>
        measured.call("DELETE", "/users/me/sessions/x", { token }),
  },
  "a password change that ends three sessions": {
    status: 200,
    cost: { d1: 2, kv: 3, queue: 1, hashes: 2 },
    arrange:
      ({ token }, measured) =>
      () =>
        changePassword(measured, token, PASSWORD),
  },
  "a password change with a wrong password": {
    status: 401,
    cost: { d1: 2, hashes: 2 },
    arrange:
      ({ token }, measured) =>
      () =>
        changePassword(measured, token, WRONG_PASSWORD),
  },
  "a reset code for an unknown address": {
    status: 202,
    cost: { queue: 1 },
    arrange: (_, measured) => () => measured.post("/auth/request-reset", { email: "nobody@example.com" }),
  },
  "a reset with an unknown link": {
    status: 400,
    cost: { d1: 1 },
    arrange: (_, measured) => () => reset(measured, "x".repeat(43)),
  },
  "a reset with a used link": {
    status: 400,
    cost: { d1: 1 },
    async arrange({ world, requested }, measured) {
      const { token } = await requested("/auth/forgot-password");
      await reset(world, token);
      return () => reset(measured, token);
    },
  },
  "a reset with a wrong code": {
    status: 400,
    cost: { d1: 1 },
    async arrange({ requested }, measured) {
      const otp = wrongCode((await requested("/auth/request-reset")).code);
      return () => measured.post("/auth/verify-reset", { identifier: "janedoe", otp, new_password: FRESH_PASSWORD });
    },
  },
  "a verification with a wrong code": {
    status: 400,
    cost: { d1: 2 },
    async arrange({ requested }, measured) {
      const otp = wrongCode((await requested("/auth/verify/resend")).code);
      return () => measured.post("/auth/verify", { identifier: "janedoe", otp });
    },
  },
};

it.each(Object.entries(VARIANTS))("%s stays within its budget", async (_, { status, cost, settings, arrange }) => {
  const measured = createWorld({ ...NO_COOLDOWN, ...settings });
  const act = await arrange(await signedInThrice(), measured);

  await expectWithinBudget({ status, cost, act, world: measured });
});

/** Requests that are refused before anything is looked up. */
const FREE: [string, number, (world: World) => Promise<{ status: number }>][] = [
  ["a refresh with a malformed token", 401, (world) => world.refresh("a.b.c")],
  ["a logout with a malformed token", 401, (world) => world.logout({ refresh_token: "a.b.c" })],
  ["the current user with a malformed token", 401, (world) => world.me("a.b.c")],
  ["registering without a password", 422, (world) => world.post("/auth/register", { email: "a@example.com" })],
  ["a login without a password", 422, (world) => world.post("/auth/login", { identifier: "janedoe" })],
  ["a reset with a malformed link", 400, (world) => reset(world, "x")],
  ["an unknown path", 404, (world) => world.get("/nowhere")],
];

it.each(FREE)("%s costs nothing", async (_, status, send) => {
  const world = createWorld();

  await expectWithinBudget({ status, cost: {}, act: () => send(world), world });
});
