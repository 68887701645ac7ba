import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  deleteSessions,
  deleteUsers,
  disableUsers,
  expireSessions,
  insertUser,
  moveSessionsTo,
  revokeSessions,
} from "../support/rows.ts";
import { createWorld, createWorldWithJane, stopClock } from "../support/world.ts";

it("the current user is returned at both paths and under both prefixes", async () => {
  const { world, jane, login } = await createWorldWithJane();
  const { access_token } = await login();

  for (const path of ["/users/me", "/auth/me", "/api/v1/users/me", "/api/v1/auth/me"]) {
    const { status, json } = await world.get(path, { authorization: `bearer ${access_token}` });
    expect(status).toBe(200);
    expect(json).toEqual(jane);
  }
});

describe("the current user", () => {
  it.each([
    ["a revoked session", revokeSessions],
    ["an expired session", expireSessions],
    ["a deleted session", deleteSessions],
    ["a disabled account", disableUsers],
    ["a deleted account", deleteUsers],
    ["another account's session", () => moveSessionsTo("other")],
  ])("is refused to the token of %s", async (_, change) => {
    const { world, login } = await createWorldWithJane();
    await insertUser("other");
    const { access_token } = await login();
    await change();

    const { status, json, headers } = await world.me(access_token);

    expect([status, json.code]).toEqual([401, "unauthenticated"]);
    expect(headers.get("www-authenticate")).toBe('Bearer realm="gatehouse", error="invalid_token"');
  });

  it("is refused to an expired access token, to the second", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const { access_token } = await login();

    stopClock(Date.UTC(2026, 0, 1) + 899_999);
    expect((await world.me(access_token)).status).toBe(200);
    stopClock(Date.UTC(2026, 0, 1) + 900_000);
    expect((await world.me(access_token)).status).toBe(401);
  });
});

describe("the Authorization header", () => {
  it.each([
    [undefined, 'Bearer realm="gatehouse"'],
    ["", 'Bearer realm="gatehouse"'],
    ["Bearer", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["Bearer ", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["Basic amFuZTpkb2U=", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["Bearer a b", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["Bearer a.b.c", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["Bearer \u00e9", 'Bearer realm="gatehouse", error="invalid_token"'],
    [`Bearer ${"a".repeat(8000)}`, 'Bearer realm="gatehouse", error="invalid_token"'],
  ])("is refused with the value %s", async (authorization, challenge) => {
    const { status, headers } = await createWorld().get(
      "/users/me",
      authorization === undefined ? {} : { authorization },
    );

    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe(challenge);
  });

  it("is the only place where a token is read", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();

    expect((await world.get(`/users/me?access_token=${access_token}`)).status).toBe(401);
    expect((await world.get("/users/me", { cookie: `access_token=${access_token}` })).status).toBe(401);
  });
});

it("the current user is read from the primary if a replica does not know them yet", async () => {
  const { login } = await createWorldWithJane();
  const { access_token } = await login();
  const lagging = new Proxy(env.DB, {
    get(target, name) {
      if (name !== "withSession") return Reflect.get(target, name).bind(target);
      return () => ({ prepare: (sql: string) => target.prepare(`select * from (${sql}) where 0`) });
    },
  });

  expect((await createWorld({ DB: lagging }).me(access_token)).status).toBe(200);
});

it("the current user is read from a replica first", async () => {
  const { login } = await createWorldWithJane();
  const { access_token } = await login();
  const farPrimary = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") throw new Error("the primary was asked");
      return Reflect.get(target, name).bind(target);
    },
  });

  expect((await createWorld({ DB: farPrimary }).me(access_token)).status).toBe(200);
});
