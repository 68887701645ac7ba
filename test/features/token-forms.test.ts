import { describe, expect, it } from "vitest";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { disableUsers, rowCount } from "../support/rows.ts";
import { type Answer, createWorld, createWorldWithJane, JSON_TYPE, sidOf, type World } from "../support/world.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
const PASSWORD_GRANT = { grant_type: "password", username: "janedoe", password: PASSWORD };
/** RFC 6749 §5.2. */
const DESCRIPTION = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

const send = (world: World, path: string, fields: Record<string, string> | string, headers = {}) =>
  world.send(path, {
    method: "POST",
    headers: { "content-type": FORM_TYPE, ...headers },
    body: new URLSearchParams(fields).toString(),
  });

/** The answer of a token endpoint. */
function told({ status, json, headers }: Answer) {
  expect(Object.keys(json).sort()).toEqual(["code", "error", "error_description"]);
  expect(json.error_description).toMatch(DESCRIPTION);
  expect(headers.get("content-type")).toContain("application/json");
  expect(headers.get("cache-control")).toBe("no-store");
  return [status, json.error];
}

it.each(["ISO-8859-1", "us-ascii", '"windows-1252"'])(
  "a form that names the charset %s is read if it is ASCII, and else refused as a token endpoint does",
  async (charset) => {
    const { world } = await createWorldWithJane();
    const headers = { "content-type": `${FORM_TYPE}; charset=${charset}` };
    const fields = (more: object) => ({ ...PASSWORD_GRANT, username: "jane.doe@example.com", ...more });

    expect((await send(world, "/auth/login", fields({}), headers)).status).toBe(200);
    expect(told(await send(world, "/auth/login", fields({ state: "ä" }), headers))).toEqual([400, "invalid_request"]);
    expect(told(await send(world, "/auth/refresh", { refresh_token: "x" }, headers))).toEqual([400, "invalid_grant"]);
  },
);

describe.each(["/auth/login", "/auth/refresh", "/api/v1/auth/login", "/auth/refresh/"])("a form sent to %s", (path) => {
  it("signs in and refreshes the same session", async () => {
    const { world } = await createWorldWithJane();
    const basic = { authorization: `Basic ${btoa("any:secret")}` };
    const login = await send(world, path, PASSWORD_GRANT, basic);
    const refresh = { grant_type: "refresh_token", refresh_token: login.json.refresh_token };
    const renewed = await send(world, path, refresh, basic);

    expect([login.status, renewed.status]).toEqual([200, 200]);
    for (const { json, headers } of [login, renewed]) {
      expect(json).toMatchObject({
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        expires_in: 900,
      });
      expect(json.token_type).toMatch(/^bearer$/i);
      expect(headers.get("cache-control")).toBe("no-store");
    }
    expect(sidOf(renewed.json.access_token)).toBe(sidOf(login.json.access_token));
    expect((await world.me(renewed.json.access_token)).status).toBe(200);
  });

  it.each([
    ["client_credentials", "unsupported_grant_type"],
    ["authorization_code", "unsupported_grant_type"],
    ["PASSWORD", "unsupported_grant_type"],
    ["password", "invalid_request"],
    ["refresh_token", "invalid_request"],
  ])("with nothing but the grant_type %s is refused", async (grant_type, error) => {
    const { world } = await createWorldWithJane();

    expect(told(await send(world, path, { grant_type }))).toEqual([400, error]);
  });
});

describe("a form of an OAuth client", () => {
  it.each([
    "audience=x&nonce=y&acr_values=z",
    "resource=https://a.test&resource=https://b.test",
    "scope=&client_id=&client_secret=&transport=&turnstile_token=&device_token=",
    "client_id=web&client_secret=x&scope=openid+email",
    "grant_type=",
  ])("may also have %s", async (more) => {
    const { world } = await createWorldWithJane();
    const login = await send(world, "/auth/login", `username=janedoe&password=${PASSWORD}&${more}`);
    const refresh_token = login.json.refresh_token;

    expect([
      login.status,
      (await send(world, "/auth/refresh", `refresh_token=${refresh_token}&${more}`)).status,
    ]).toEqual([200, 200]);
  });

  it.each([
    ["a wrong password", { password: WRONG_PASSWORD }, 400, "invalid_grant"],
    ["an unknown user", { username: "nobody" }, 400, "invalid_grant"],
    ["an empty password", { password: "" }, 400, "invalid_request"],
    ["a long username", { username: "x".repeat(255) }, 400, "invalid_request"],
    ["a bad transport", { transport: '"\u00e9"' }, 400, "invalid_request"],
    ["an invalid refresh token", { grant_type: "refresh_token", refresh_token: "x" }, 400, "invalid_grant"],
    ["a body over 16 KiB", { username: "x".repeat(17_000) }, 413, "invalid_request"],
  ])("with %s is refused and starts no session", async (_, fields, status, error) => {
    const { world } = await createWorldWithJane();

    expect(told(await send(world, "/auth/login", { ...PASSWORD_GRANT, ...fields } as Record<string, string>))).toEqual([
      status,
      error,
    ]);
    expect(await rowCount("sessions")).toBe(0);
  });

  it.each([
    "grant_type=password",
    "username=jane",
    "password=x",
    "scope=a&scope=b",
    "client_id=a&client_id=a",
    "audience=a&audience=b",
    "username=%00&a=%ff",
  ])("that repeats a parameter or has NUL is refused: %s", async (more) => {
    const { world } = await createWorldWithJane();
    const body = `${new URLSearchParams(PASSWORD_GRANT)}&${more}`;

    expect(told(await send(world, "/auth/login", body))).toEqual([400, "invalid_request"]);
  });

  it("names the missing parameters", async () => {
    const { world } = await createWorldWithJane();

    expect((await send(world, "/auth/login", {})).json.error_description).toMatch(/^username: .* password: /);
    expect((await send(world, "/auth/refresh", {})).json.error_description).toMatch(/^refresh_token: /);
  });

  it("learns from the code why a right password does not suffice", async () => {
    const { world } = await createWorldWithJane({ REQUIRE_VERIFICATION: "true" });
    const unverified = await send(world, "/auth/login", PASSWORD_GRANT);
    await disableUsers();
    const disabled = await send(world, "/auth/login", PASSWORD_GRANT);

    expect([told(unverified), unverified.json.code]).toEqual([[400, "invalid_grant"], "verification_required"]);
    expect([told(disabled), disabled.json.code]).toEqual([[400, "invalid_grant"], "account_disabled"]);
  });

  it("learns from a lockout and a rate limit when to try again", async () => {
    const { world } = await createWorldWithJane();
    for (let n = 0; n < 5; n++) await send(world, "/auth/login", { ...PASSWORD_GRANT, password: WRONG_PASSWORD });
    const locked = await send(world, "/auth/login", PASSWORD_GRANT);
    const RATE_LIMIT_CREDENTIALS = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const limited = createWorld({ RATE_LIMIT_CREDENTIALS });
    const refused = await send(limited, "/auth/refresh", PASSWORD_GRANT, { "cf-connecting-ip": "203.0.113.7" });

    for (const [answer, seconds] of [
      [locked, 30],
      [refused, 60],
    ] as const) {
      expect(told(answer)).toEqual([429, "temporarily_unavailable"]);
      expect(Number(answer.headers.get("retry-after"))).toBe(seconds);
    }
  });

  it("gets RFC 6749 errors also from the host, and JSON still gets problems", async () => {
    const { world } = await createWorldWithJane();
    expect(told(await send(world, "https://evil.test/auth/login", PASSWORD_GRANT))).toEqual([421, "invalid_request"]);
    expect(told(await send(world, "/auth/refresh", PASSWORD_GRANT, { "content-encoding": "gzip" }))).toEqual([
      415,
      "invalid_request",
    ]);

    const { status, headers } = await world.send("/auth/login", { method: "POST", headers: JSON_TYPE, body: "{}" });
    expect([status, headers.get("content-type")]).toEqual([422, "application/problem+json"]);
  });

  it("does not refresh by the cookie", async () => {
    const { world, login } = await createWorldWithJane();
    const cookie = `__Host-refresh_token=${(await login()).refresh_token}`;
    const headers = { cookie, origin: "https://app.test" };

    expect(told(await send(world, "/auth/refresh", {}, headers))).toEqual([400, "invalid_request"]);
  });
});
