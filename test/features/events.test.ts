import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

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
    };
    expect(json.events).toEqual([
      { type: "logged_in", created_at: "2026-01-02T00:00:00.000Z", session_id: sidOf(token), ...from },
      { type: "login_failed", created_at: "2026-01-01T00:00:00.000Z", session_id: null, ...from },
      {
        type: "registered",
        created_at: "2026-01-01T00:00:00.000Z",
        session_id: null,
        ip: null,
        user_agent: null,
        device: { browser: null, os: null, type: null },
      },
    ]);
  });

  it("are the latest fifty, besides failed logins, which cannot push them out", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    for (const [type, count, after] of [
      ["session_revoked", 60, 1],
      ["login_failed", 150, 1000],
    ]) {
      await env.DB.prepare(
        "insert into audit_events (type, created_at, user_id) select ?, ? + key, users.id from users, json_each(?)",
      )
        .bind(type, Date.now() + Number(after), JSON.stringify(Array(Number(count)).fill(0)))
        .run();
    }

    const { json } = await world.call("GET", "/users/me/events", { token });

    const events = json.events as { type: string; created_at: string }[];
    expect(events.map(({ type }) => type)).toEqual([
      ...Array(50).fill("login_failed"),
      ...Array(50).fill("session_revoked"),
    ]);
    expect(events.map(({ created_at }) => created_at)).toEqual(
      events
        .map(({ created_at }) => created_at)
        .sort()
        .reverse(),
    );
  });

  it("include every change with its session, address and user agent", async () => {
    const { world, jane, login } = await createWorldWithJane();
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

  it("do not include the typed identifier of a login to an unknown account", async () => {
    const { world } = await createWorldWithJane();

    await world.post("/auth/login", { identifier: "my-password-in-the-wrong-field", password: PASSWORD }, FROM);

    expect((await recorded()).at(-1)).toEqual({
      type: "login_failed",
      user_id: null,
      session_id: null,
      ip: FROM["cf-connecting-ip"],
      user_agent: FROM["user-agent"],
    });
    expect(JSON.stringify(await recorded())).not.toContain("my-password");
  });

  it("do not include a refused registration", async () => {
    const { world } = await createWorldWithJane();

    await world.post("/auth/register", { email: "jane.doe@example.com", password: PASSWORD });

    expect((await recorded()).map(({ type }) => type)).toEqual(["registered"]);
  });
});
