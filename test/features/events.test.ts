import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { EVENT_GROUPS, EVENT_TYPES } from "../../src/contract/events.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { eventTypes, rows, verifyAddresses } from "../support/rows.ts";
import { createWorldWithJane, sidOf, stopClock, unlock } from "../support/world.ts";

const FROM = {
  "cf-connecting-ip": "203.0.113.7",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};

/** The recorded events, oldest first. */
async function recorded() {
  const { results } = await env.DB.prepare(
    "select type, user_id, session_id, ip, user_agent from audit_events order by id",
  ).all();
  return results;
}

const NO_ADMINISTRATOR = { by_administrator: false, reason: null };

describe("the events of a user", () => {
  it("are listed for their owner, newest first, with time, session, address and device", async () => {
    stopClock(Date.UTC(2026, 0, 1));
    const { world, login } = await createWorldWithJane();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await world.post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD }, FROM);
    stopClock(Date.UTC(2026, 0, 2));
    const { access_token: token } = await login(FROM);

    const { status, json } = await world.call("GET", "/users/me/events", { token });

    expect(status).toBe(200);
    const from = {
      ip: FROM["cf-connecting-ip"],
      user_agent: FROM["user-agent"],
      device: { browser: "Firefox", os: "Linux", type: "desktop" },
      ...NO_ADMINISTRATOR,
    };
    expect(json.events).toEqual([
      { type: "logged_in", created_at: "2026-01-02T00:00:00.000Z", session_id: sidOf(token), ...from },
      { type: "login_failed", created_at: "2026-01-01T00:00:00.000Z", session_id: null, ...from },
      {
        type: "registered",
        created_at: "2026-01-01T00:00:00.000Z",
        session_id: null,
        ip: null,
        ...NO_ADMINISTRATOR,
        user_agent: null,
        device: { browser: null, os: null, type: null },
      },
    ]);
  });

  it("are fifty of each type: the newest replaces the oldest, and no type pushes out another", async () => {
    stopClock(Date.UTC(2026, 0, 1));
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    for (let n = 0; n < 60; n++) {
      stopClock(Date.UTC(2026, 0, 1, 0, 0, n));
      // The first five are wrong, the others find the account locked.
      await world.post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });
      await unlock();
    }

    const failed = (await recorded()).filter(({ type }) => type === "login_failed");
    const { json } = await world.call("GET", "/users/me/events?limit=100", { token });

    expect(failed).toHaveLength(50);
    expect(json.events.map(({ type }: { type: string }) => type)).toEqual([
      ...Array(50).fill("login_failed"),
      "logged_in",
      "registered",
    ]);
    expect(json.events[0].created_at).toBe("2026-01-01T00:00:59.000Z");
    expect(json.events[49].created_at).toBe("2026-01-01T00:00:10.000Z");
  });

  it("keep each event that one act records, also when they replace older ones", async () => {
    const { world, login } = await createWorldWithJane();
    for (let round = 0; round < 4; round++) {
      const sessions = [];
      for (let n = 0; n < 15; n++) sessions.push(await login());
      await world.logout({ refresh_token: sessions[0].refresh_token, scope: "global" });

      const ended = (await rows("audit_events")).filter(({ type }) => type === "logged_out");
      expect(ended).toHaveLength(Math.min(50, 15 * (round + 1)));
      const own = new Set(sessions.map(({ access_token }) => sidOf(access_token)));
      expect(ended.filter(({ session_id }) => own.has(session_id))).toHaveLength(15);
    }
  });

  it("are listed page by page without a gap or a repetition", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    for (let n = 0; n < 7; n++) await login();
    const all = (await world.call("GET", "/users/me/events", { token })).json;

    const found = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor && `&cursor=${cursor}`;
      const { json } = await world.call("GET", `/users/me/events?limit=4${query}`, { token });
      found.push(...json.events);
      cursor = json.next_cursor;
    }

    expect([found.length, all.next_cursor]).toEqual([9, null]);
    expect(found).toEqual(all.events);
  });

  it("are listed by group, page by page, and each type is in one group", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    await world.post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });
    await world.call("PATCH", "/users/me", { token, body: { username: "jane" } });
    const list = async (query: string) => (await world.call("GET", `/users/me/events?${query}`, { token })).json;
    const typesOf = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type);

    const first = await list("group=sign_ins&limit=1");
    const second = await list(`group=sign_ins&limit=1&cursor=${first.next_cursor}`);
    expect([first, second].map(typesOf)).toEqual([["login_failed"], ["logged_in"]]);
    expect(second.next_cursor).toBe(null);
    expect(typesOf(await list("group=changes"))).toEqual(["username_changed", "registered"]);
    expect(typesOf(await list("group=messages"))).toEqual([]);
    expect(Object.values(EVENT_GROUPS).flat().sort()).toEqual([...EVENT_TYPES].sort());
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "limit=",
    "cursor=x",
    "cursor=1.1%00",
    "limit=5&limit=6",
    "group=",
    "group=x",
  ])("are refused for the query %s", async (query) => {
    const { world, login } = await createWorldWithJane();

    const { status, json } = await world.call("GET", `/users/me/events?${query}`, {
      token: (await login()).access_token,
    });

    expect([status, json.code]).toEqual([422, "invalid_request"]);
  });

  it("are kept for a week if anyone can cause them, the others for the retention", async () => {
    stopClock(Date.UTC(2026, 0, 1));
    const { world } = await createWorldWithJane({ UNVERIFIED_ACCOUNT_DAYS: "0" });
    await world.post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });

    const left = async (at: number) => {
      stopClock(at);
      await world.schedule();
      return eventTypes();
    };

    expect(await left(Date.UTC(2026, 0, 8))).toEqual(["registered", "login_failed"]);
    expect(await left(Date.UTC(2026, 0, 8) + 1)).toEqual(["registered"]);
    expect(await left(Date.UTC(2026, 3, 1) + 1)).toEqual([]);
  });

  it("include every change with its session, address and user agent", async () => {
    const { world, jane, login } = await createWorldWithJane();
    await verifyAddresses();
    const [a, b, c, d] = [await login(FROM), await login(), await login(), await login()];
    const [A, B, C, D] = [a, b, c, d].map(({ access_token }) => sidOf(access_token));
    const as = async (method: string, path: string, body?: object) => {
      const answer = await world.call(method, path, { token: a.access_token, body, headers: FROM });
      if (answer.json?.access_token) Object.assign(a, answer.json);
      return answer;
    };

    await as("PATCH", "/users/me", { first_name: "Jane" });
    await as("PATCH", "/users/me", { username: "janedoe" });
    await as("PATCH", "/users/me", { username: "jane" });
    await as("DELETE", `/users/me/sessions/${B}`);
    await world.call("POST", "/auth/logout", { body: { refresh_token: c.refresh_token }, headers: FROM });
    await as("POST", "/auth/change-password", { old_password: WRONG_PASSWORD, new_password: FRESH_PASSWORD });
    await as("POST", "/auth/change-password", { old_password: PASSWORD, new_password: FRESH_PASSWORD });
    await as("DELETE", "/users/me", { password: FRESH_PASSWORD });

    const from = { ip: FROM["cf-connecting-ip"], user_agent: FROM["user-agent"], user_id: jane.id };
    expect((await recorded()).slice(5)).toEqual([
      { type: "username_changed", session_id: A, ...from },
      { type: "session_revoked", session_id: B, ...from },
      { type: "logged_out", session_id: C, ...from },
      { type: "reauthentication_failed", session_id: A, ...from },
      { type: "password_changed", session_id: A, ...from },
      { type: "session_revoked", session_id: D, ...from },
      { type: "account_deleted", session_id: sidOf(a.access_token), ...from },
    ]);
  });

  it("do not include a guess at an account that does not exist, which costs the same", async () => {
    const { world } = await createWorldWithJane();
    const before = await recorded();
    const guess = (identifier: string) =>
      world.cost(async () => {
        await world.post("/auth/login", { identifier, password: WRONG_PASSWORD }, FROM);
        await world.post("/auth/verify", { identifier, otp: "123456" }, FROM);
        await world.post("/auth/verify-reset", { identifier, otp: "123456", new_password: FRESH_PASSWORD }, FROM);
      });

    const unknown = await guess("my-password-in-the-wrong-field");
    expect(await recorded()).toEqual(before);
    expect(unknown).toEqual(await guess("janedoe"));
    expect((await recorded()).length).toBe(before.length + 3);
  });

  it("do not include a refused registration", async () => {
    const { world } = await createWorldWithJane();

    await world.post("/auth/register", { email: "jane.doe@example.com", password: PASSWORD });

    expect((await recorded()).map(({ type }) => type)).toEqual(["registered"]);
  });
});
