import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
}
type World = ReturnType<typeof createWorld>;

const world = createWorld();
const refreshStatus = async ({ refresh_token }: Tokens) => (await world.refresh(refresh_token)).status;
const loginStatus = async (password: string) =>
  (await world.post("/auth/login", { identifier: "janedoe", password })).status;
const denied = async ({ access_token }: Tokens) => (await env.DENYLIST.get(`sid:${sidOf(access_token)}`)) !== null;

/** What the schedule makes of it a minute later. */
async function minuteLater() {
  stopClock(Date.now() + 60_000);
  await world.schedule();
}

const refresh = (w: World, own: Tokens) => w.refresh(own.refresh_token);
const logout = (w: World, own: Tokens) => w.logout({ refresh_token: own.refresh_token });
const logoutEverywhere = (w: World, own: Tokens) => w.logout({ refresh_token: own.refresh_token, scope: "global" });
const endOther = (w: World, own: Tokens, other: Tokens) =>
  w.call("DELETE", `/users/me/sessions/${sidOf(other.access_token)}`, { token: own.access_token });
const rename = (w: World, own: Tokens) =>
  w.call("PATCH", "/users/me", { token: own.access_token, body: { username: "jane" } });
const changePassword = (w: World, own: Tokens) =>
  w.call("POST", "/auth/change-password", {
    token: own.access_token,
    body: { old_password: PASSWORD, new_password: FRESH_PASSWORD },
  });
const deleteAccount = (w: World, own: Tokens) =>
  w.call("DELETE", "/users/me", { token: own.access_token, body: { password: PASSWORD } });
const wrongPassword = (w: World, own: Tokens) =>
  w.call("DELETE", "/users/me", { token: own.access_token, body: { password: WRONG_PASSWORD } });

/** Each round trip of each act that writes, failing before it commits and after, and what is true then. */
const CASES: [string, typeof endOther, number, "before" | "after", (own: Tokens, other: Tokens) => Promise<void>][] = [
  ["refresh: the token still counts", refresh, 1, "before", async (own) => expect(await refreshStatus(own)).toBe(200)],
  [
    "refresh: the lost answer is given again",
    refresh,
    1,
    "after",
    async (own) => expect(await refreshStatus(own)).toBe(200),
  ],
  [
    "logout: still in, and a second one works",
    logout,
    1,
    "before",
    async (own) => {
      expect((await world.me(own.access_token)).status).toBe(200);
      expect((await logout(world, own)).status).toBe(204);
      expect(await refreshStatus(own)).toBe(401);
    },
  ],
  [
    "logout: out at once, and denied by the schedule",
    logout,
    1,
    "after",
    async (own, other) => {
      expect([await refreshStatus(own), await refreshStatus(other), await denied(own)]).toEqual([401, 200, false]);
      expect((await logout(world, own)).status).toBe(204);
      await minuteLater();
      expect(await denied(own)).toBe(true);
    },
  ],
  [
    "logout everywhere: everything or nothing",
    logoutEverywhere,
    1,
    "before",
    async (own, other) => expect([await refreshStatus(own), await refreshStatus(other)]).toEqual([200, 200]),
  ],
  [
    "logout everywhere: everything or nothing",
    logoutEverywhere,
    1,
    "after",
    async (own, other) => {
      expect([await refreshStatus(own), await refreshStatus(other)]).toEqual([401, 401]);
      await minuteLater();
      expect([await denied(own), await denied(other)]).toEqual([true, true]);
    },
  ],
  [
    "ending a session: it goes on",
    endOther,
    1,
    "before",
    async (_, other) => expect(await refreshStatus(other)).toBe(200),
  ],
  [
    "ending a session: it has ended, and is denied by the schedule",
    endOther,
    1,
    "after",
    async (own, other) => {
      expect((await endOther(world, own, other)).status).toBe(404);
      await minuteLater();
      expect(await denied(other)).toBe(true);
    },
  ],
  [
    "renaming: nothing has changed",
    rename,
    1,
    "before",
    async (own) => expect((await world.me(own.access_token)).json.username).toBe("janedoe"),
  ],
  [
    "renaming: a second one changes nothing more",
    rename,
    1,
    "after",
    async (own) => {
      expect((await rename(world, own)).status).toBe(200);
      const { events } = (await world.call("GET", "/users/me/events", { token: own.access_token })).json;
      expect(events.filter(({ type }: { type: string }) => type === "username_changed")).toHaveLength(1);
    },
  ],
  [
    "password change: the old one counts and the other session goes on",
    changePassword,
    2,
    "before",
    async (_, other) =>
      expect([await loginStatus(PASSWORD), await loginStatus(FRESH_PASSWORD), await refreshStatus(other)]).toEqual([
        200, 401, 200,
      ]),
  ],
  [
    "password change: the new one counts, the other session has ended and is denied by the schedule",
    changePassword,
    2,
    "after",
    async (own, other) => {
      expect([await loginStatus(PASSWORD), await loginStatus(FRESH_PASSWORD)]).toEqual([401, 200]);
      expect([await refreshStatus(own), await refreshStatus(other)]).toEqual([200, 401]);
      await minuteLater();
      expect([await denied(own), await denied(other)]).toEqual([false, true]);
    },
  ],
  [
    "deletion: the account is whole",
    deleteAccount,
    2,
    "before",
    async (own, other) =>
      expect([await loginStatus(PASSWORD), await refreshStatus(own), await refreshStatus(other)]).toEqual([
        200, 200, 200,
      ]),
  ],
  [
    "deletion: the account is gone, and its sessions are denied by the schedule",
    deleteAccount,
    2,
    "after",
    async (own, other) => {
      expect([await loginStatus(PASSWORD), await refreshStatus(own), await refreshStatus(other)]).toEqual([
        401, 401, 401,
      ]);
      await minuteLater();
      expect([await denied(own), await denied(other)]).toEqual([true, true]);
    },
  ],
  ...([changePassword, deleteAccount, wrongPassword] as const).map(
    (act) =>
      [
        `${act.name}, on reading: nothing has changed`,
        act,
        1,
        "before",
        async (own: Tokens, other: Tokens) =>
          expect([await loginStatus(PASSWORD), await refreshStatus(own), await refreshStatus(other)]).toEqual([
            200, 200, 200,
          ]),
      ] as (typeof CASES)[number],
  ),
  [
    "a wrong password that cannot be recorded is not taken either",
    wrongPassword,
    2,
    "before",
    async (own) => expect((await world.me(own.access_token)).status).toBe(200),
  ],
];

describe("a database that fails before it commits (before) or after (after) leaves a state to go on from:", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });

  it.each(CASES)("%s (%#)", async (_, act, n, when, promise) => {
    const { login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];

    const { status, json } = await act(createWorld({ DB: failingD1(env.DB, n, when) }), own, other);

    expect([status, json.code]).toEqual([503, "storage_unavailable"]);
    await promise(own, other);
  });

  it.each([
    [1, "before", "refresh_token_reused"],
    [1, "after", "refresh_token_reused"],
    [2, "before", "refresh_token_reused"],
    [2, "after", "invalid_refresh_token"],
  ] as const)("a stolen token, trip %d, %s: found out then or at its next use", async (n, when, code) => {
    const { login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];
    const { json: second } = await world.refresh(own.refresh_token);
    const { json: third } = await world.refresh(second.refresh_token);

    await createWorld({ DB: failingD1(env.DB, n, when) }).refresh(own.refresh_token);

    const { json } = await world.refresh(own.refresh_token);
    expect(json.code).toBe(code);
    expect([await refreshStatus(third), await refreshStatus(other)]).toEqual([401, 200]);
    await minuteLater();
    expect(await denied(own)).toBe(true);
  });
});
