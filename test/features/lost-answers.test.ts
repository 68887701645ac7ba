import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import type { Session } from "../support/route.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock, type World } from "../support/world.ts";

const world = createWorld();
const refreshStatus = async ({ refresh_token }: Session) => (await world.refresh(refresh_token)).status;
const refreshStatuses = (...sessions: Session[]) => Promise.all(sessions.map(refreshStatus));
const loginStatus = async (password: string) => (await logIn(world, "janedoe", password)).status;
const isDenied = async ({ access_token }: Session) => (await env.DENYLIST.get(`sid:${sidOf(access_token)}`)) !== null;

/** Runs the schedule a minute later. */
async function minuteLater() {
  stopClock(Date.now() + 60_000);
  await world.schedule();
}

/** Jane's two sessions, of which the first one acts. */
interface Sessions {
  own: Session;
  other: Session;
}
type Act = (world: World, sessions: Sessions) => Promise<{ status: number; json: { code?: string } }>;

const refresh: Act = (w, { own }) => w.refresh(own.refresh_token);
const logout: Act = (w, { own }) => w.logout({ refresh_token: own.refresh_token });
const logoutEverywhere: Act = (w, { own }) => w.logout({ refresh_token: own.refresh_token, scope: "global" });
const endOther: Act = (w, { own, other }) =>
  w.call("DELETE", `/users/me/sessions/${sidOf(other.access_token)}`, { token: own.access_token });
const rename: Act = (w, { own }) =>
  w.call("PATCH", "/users/me", { token: own.access_token, body: { username: "jane" } });
const changePassword: Act = (w, { own }) => {
  const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
  return w.call("POST", "/auth/change-password", { token: own.access_token, body });
};
const deleteBy =
  (password: string): Act =>
  (w, { own }) =>
    w.call("DELETE", "/users/me", { token: own.access_token, body: { password } });
const deleteAccount = deleteBy(PASSWORD);
const deleteByWrongPassword = deleteBy(WRONG_PASSWORD);

async function expectNothingChanged({ own, other }: Sessions) {
  expect([await loginStatus(PASSWORD), ...(await refreshStatuses(own, other))]).toEqual([200, 200, 200]);
}

interface Interrupted {
  act: Act;
  /** The database call that fails. */
  call: number;
  /** Before it commits, or after it, so that only its answer is lost. */
  fails: "before" | "after";
  check: (sessions: Sessions) => Promise<void>;
}

const CASES: Record<string, Interrupted> = {
  "a refresh that fails before its commit leaves the token valid": {
    act: refresh,
    call: 1,
    fails: "before",
    check: async ({ own }) => expect(await refreshStatus(own)).toBe(200),
  },
  "a refresh whose answer is lost can be repeated": {
    act: refresh,
    call: 1,
    fails: "after",
    check: async ({ own }) => expect(await refreshStatus(own)).toBe(200),
  },
  "a logout that fails before its commit leaves the session active, and can be repeated": {
    act: logout,
    call: 1,
    fails: "before",
    async check(sessions) {
      expect((await world.me(sessions.own.access_token)).status).toBe(200);
      expect((await logout(world, sessions)).status).toBe(204);
      expect(await refreshStatus(sessions.own)).toBe(401);
    },
  },
  "a logout whose answer is lost ends the session, which the schedule denies": {
    act: logout,
    call: 1,
    fails: "after",
    async check(sessions) {
      const { own, other } = sessions;
      expect([...(await refreshStatuses(own, other)), await isDenied(own)]).toEqual([401, 200, false]);
      expect((await logout(world, sessions)).status).toBe(204);
      await minuteLater();
      expect(await isDenied(own)).toBe(true);
    },
  },
  "a global logout that fails before its commit ends no session": {
    act: logoutEverywhere,
    call: 1,
    fails: "before",
    check: async ({ own, other }) => expect(await refreshStatuses(own, other)).toEqual([200, 200]),
  },
  "a global logout whose answer is lost ends every session, which the schedule denies": {
    act: logoutEverywhere,
    call: 1,
    fails: "after",
    async check({ own, other }) {
      expect(await refreshStatuses(own, other)).toEqual([401, 401]);
      await minuteLater();
      expect([await isDenied(own), await isDenied(other)]).toEqual([true, true]);
    },
  },
  "ending a session leaves it active if it fails before its commit": {
    act: endOther,
    call: 1,
    fails: "before",
    check: async ({ other }) => expect(await refreshStatus(other)).toBe(200),
  },
  "ending a session succeeds if its answer is lost, and the schedule denies the session": {
    act: endOther,
    call: 1,
    fails: "after",
    async check(sessions) {
      expect((await endOther(world, sessions)).status).toBe(404);
      await minuteLater();
      expect(await isDenied(sessions.other)).toBe(true);
    },
  },
  "a change of username that fails before its commit changes nothing": {
    act: rename,
    call: 1,
    fails: "before",
    check: async ({ own }) => expect((await world.me(own.access_token)).json.username).toBe("janedoe"),
  },
  "a change of username whose answer is lost can be repeated without a second event": {
    act: rename,
    call: 1,
    fails: "after",
    async check(sessions) {
      expect((await rename(world, sessions)).status).toBe(200);
      const { events } = (await world.call("GET", "/users/me/events", { token: sessions.own.access_token })).json;
      expect(events.filter(({ type }: { type: string }) => type === "username_changed")).toHaveLength(1);
    },
  },
  "a password change that fails before its commit changes nothing": {
    act: changePassword,
    call: 2,
    fails: "before",
    check: async ({ other }) =>
      expect([await loginStatus(PASSWORD), await loginStatus(FRESH_PASSWORD), await refreshStatus(other)]).toEqual([
        200, 401, 200,
      ]),
  },
  "a password change whose answer is lost replaces the password and ends both sessions": {
    act: changePassword,
    call: 2,
    fails: "after",
    async check({ own, other }) {
      expect([await loginStatus(PASSWORD), await loginStatus(FRESH_PASSWORD)]).toEqual([401, 200]);
      expect(await refreshStatuses(own, other)).toEqual([401, 401]);
      await minuteLater();
      expect([await isDenied(own), await isDenied(other)]).toEqual([true, true]);
    },
  },
  "an account deletion that fails before its commit deletes nothing": {
    act: deleteAccount,
    call: 2,
    fails: "before",
    check: expectNothingChanged,
  },
  "an account deletion whose answer is lost deletes the account, whose sessions the schedule denies": {
    act: deleteAccount,
    call: 2,
    fails: "after",
    async check({ own, other }) {
      expect([await loginStatus(PASSWORD), ...(await refreshStatuses(own, other))]).toEqual([401, 401, 401]);
      await minuteLater();
      expect([await isDenied(own), await isDenied(other)]).toEqual([true, true]);
    },
  },
  "a password change that cannot read the account changes nothing": {
    act: changePassword,
    call: 1,
    fails: "before",
    check: expectNothingChanged,
  },
  "an account deletion that cannot read the account deletes nothing": {
    act: deleteAccount,
    call: 1,
    fails: "before",
    check: expectNothingChanged,
  },
  "a wrong password changes nothing if the account cannot be read": {
    act: deleteByWrongPassword,
    call: 1,
    fails: "before",
    check: expectNothingChanged,
  },
  "a wrong password deletes nothing if it cannot be counted": {
    act: deleteByWrongPassword,
    call: 2,
    fails: "before",
    check: async ({ own }) => expect((await world.me(own.access_token)).status).toBe(200),
  },
};

async function signedInTwice(): Promise<Sessions> {
  const { login } = await createWorldWithJane();
  return { own: await login(), other: await login() };
}

describe("during a database failure", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });

  it.each(Object.entries(CASES))("%s", async (_, { act, call, fails, check }) => {
    const sessions = await signedInTwice();

    const { status, json } = await act(createWorld({ DB: failingD1(env.DB, call, fails) }), sessions);

    expect([status, json.code]).toEqual([503, "storage_unavailable"]);
    await check(sessions);
  });

  it.each([
    [1, "before", "refresh_token_reused"],
    [1, "after", "refresh_token_reused"],
    [2, "before", "refresh_token_reused"],
    [2, "after", "invalid_refresh_token"],
  ] as const)("a reused token is detected although database call %d fails %s its commit", async (n, when, code) => {
    const { own, other } = await signedInTwice();
    const { json: second } = await world.refresh(own.refresh_token);
    const { json: third } = await world.refresh(second.refresh_token);

    await createWorld({ DB: failingD1(env.DB, n, when) }).refresh(own.refresh_token);

    const { json } = await world.refresh(own.refresh_token);
    expect(json.code).toBe(code);
    expect([await refreshStatus(third), await refreshStatus(other)]).toEqual([401, 200]);
    await minuteLater();
    expect(await isDenied(own)).toBe(true);
  });
});
