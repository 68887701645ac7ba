import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import type { AuthService } from "../../src/contract/auth-service.ts";
import { err } from "../../src/result.ts";
import { type AuthOptions, authenticate, requireAuth } from "../../src/sdk/index.ts";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";

describe("requireAuth", () => {
  it("accepts a valid token and sets its claims", async () => {
    const { auth, token } = await createTestIssuer();
    const get = guarded({ auth });

    const { status, json } = await get(bearing(await token({ sub: "jane" })));
    expect([status, json.sub, json.iss]).toEqual([200, "jane", "https://auth.test"]);
  });

  it("takes its options from the bindings, once, and throws at the first request if one is missing", async () => {
    const { auth, token } = await createTestIssuer();
    const options = vi.fn((bindings: { AUTH: AuthService }) => ({ auth: bindings.AUTH }));
    const app = new Hono()
      .get("/", requireAuth(options), (c) => c.text(c.var.auth.sub))
      .onError(({ message }, c) => c.text(message, 500));
    const headers = { authorization: bearing(await token({ sub: "jane" })) };
    const ask = async (bindings: object) => (await app.request("/", { headers }, bindings)).text();

    const bindings = { AUTH: auth };
    expect([await ask(bindings), await ask(bindings), options.mock.calls.length]).toEqual(["jane", "jane", 1]);
    expect(await ask({})).toContain("The binding is missing");
  });

  it.each([
    ["no header", undefined, 'Bearer realm="gatehouse"'],
    ["another scheme", "Basic amFuZTpkb2U=", 'Bearer realm="gatehouse"'],
    ["no token", "Bearer ", 'Bearer realm="gatehouse"'],
    ["garbage", "Bearer garbage", 'Bearer realm="gatehouse", error="invalid_token"'],
    ["two tokens", "Bearer a, Bearer b", 'Bearer realm="gatehouse", error="invalid_token"'],
  ])("challenges a request with %s", async (_, authorization, challenge) => {
    const { auth } = await createTestIssuer();
    const answer = await guarded({ auth })(authorization);

    expect([answer.status, answer.challenge]).toEqual([401, challenge]);
    expect(answer.json).toMatchObject({ status: 401, code: "unauthenticated" });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["expired", { exp: 1 }],
    ["for another audience", { aud: "https://notes.test" }],
    ["of another issuer", { iss: "https://evil.test" }],
    ["without a session", { sid: "" }],
    ["from the future", { iat: Math.floor(Date.now() / 1000) + 100 }],
  ])("rejects a token that is %s", async (_, claims) => {
    const { auth, token } = await createTestIssuer();
    const get = guarded({ auth, tier: "local" });

    expect((await get(bearing(await token(claims)))).status).toBe(401);
    expect((await get(bearing(await token()))).status).toBe(200);
  });

  it("accepts only tokens for the required audience", async () => {
    const { auth, token } = await createTestIssuer();
    for (const tier of ["local", "revocation"] as const) {
      const get = guarded({ auth, tier, audience: "https://notes.test" });
      expect((await get(bearing(await token({ aud: "https://notes.test" })))).status).toBe(200);
      expect((await get(bearing(await token()))).status).toBe(401);
    }
  });

  it("requires every role", async () => {
    const { auth, token } = await createTestIssuer();
    const get = guarded({ auth, roles: ["editor", "billing"] });

    expect((await get(bearing(await token({ roles: ["billing", "editor", "x"] })))).status).toBe(200);
    const refused = await get(bearing(await token({ roles: ["editor"] })));
    expect([refused.status, refused.json.code]).toEqual([403, "insufficient_scope"]);
    expect(refused.challenge).toBe('Bearer realm="gatehouse", error="insufficient_scope"');
  });

  it("detects an ended session in every tier except local", async () => {
    const { auth, token, revoke, fetch } = await createTestIssuer({ issuer: "https://tiers.test" });
    const authorization = bearing(await token({ sid: "ended" }));
    await env.DENYLIST.put("sid:ended", "");
    revoke("ended");

    const seen = [
      { auth, tier: "local" },
      { auth },
      { auth, tier: "authoritative" },
      { auth, denylist: env.DENYLIST },
      { issuer: "https://tiers.test", denylist: env.DENYLIST },
      { issuer: "https://tiers.test" },
    ] as const;
    vi.spyOn(globalThis, "fetch").mockImplementation((input) => fetch(input as string));
    const answers = await Promise.all(seen.map((options) => guarded(options)(authorization)));
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 401, 401, 200]);
    // Tier `authoritative` asks the service, not the denylist.
    const disabled = {
      auth: { ...auth, verify: async () => err("unauthenticated") },
      denylist: { get: async () => null },
    };
    expect((await guarded({ ...disabled, tier: "authoritative" })(authorization)).status).toBe(401);
  });

  it("responds with 503 while the service is unreachable, for any audience", async () => {
    const { auth, token, setReachable } = await createTestIssuer();
    const options = [{ auth }, { auth, audience: "https://notes.test" }];
    const tokens = [await token(), await token({ aud: "https://notes.test" })];
    const seen = async () => {
      const answers = await Promise.all(options.map((option, n) => guarded(option)(bearing(tokens[n]!))));
      return answers.map(({ status }) => status);
    };
    expect(await seen()).toEqual([200, 200]);

    setReachable(false);
    expect(await seen()).toEqual([503, 503]);
  });

  it("does not ask the service about an invalid token", async () => {
    const { auth, token } = await createTestIssuer();
    const verify = vi.fn(auth.verify);
    const get = guarded({ auth: { ...auth, verify } });

    expect((await get(bearing(await token({ exp: 1 })))).status).toBe(401);
    expect(verify).not.toHaveBeenCalled();
  });

  it.each([
    [{ issuer: "http://auth.example.com" }, "https"],
    [{ issuer: "auth.example.com" }, "URL"],
    [{ issuer: "https://auth.test", tier: "revocation" }, "denylist"],
    [{ issuer: "https://auth.test", tier: "authoritative" }, "binding"],
    [{ issuer: "https://auth.test/path" }, "origin"],
    [{ issuer: "https://auth.test", denylist: undefined }, "KV namespace"],
    [{ issuer: "https://auth.test", audience: "" }, "audience"],
    [{ issuer: "https://auth.test", typ: "jwt" }, "at+jwt or JWT"],
    [{ auth: {}, typ: "JWT" }, "Omit typ"],
    [{ auth: {}, tier: "locla" }, "tier must be one of local, revocation, feed, authoritative"],
    [{ auth: {}, tier: undefined }, "tier"],
    [{ auth: {}, tiers: "authoritative" }, "Unknown option: tiers"],
    [{ auth: {}, role: ["editor"] }, "Unknown option: role"],
    [{ auth: {}, roles: undefined }, "roles is undefined"],
    [{ auth: {}, roles: [] }, "roles"],
    [{ auth: {}, roles: "editor" }, "roles"],
    [{ auth: {}, roles: ["editor", undefined] }, "roles"],
    [{ auth: {}, maxAuthAge: undefined }, "maxAuthAge is undefined"],
    [{ auth: {}, maxAuthAge: Number.NaN }, "maxAuthAge"],
    [{ auth: {}, maxAuthAge: Number.POSITIVE_INFINITY }, "maxAuthAge"],
    [{ auth: {}, maxAuthAge: -1 }, "maxAuthAge"],
    [{ auth: {}, maxAuthAge: "300" }, "maxAuthAge"],
    [{ auth: {}, acr: "aal1" }, "acr must be aal2"],
    [{ auth: {}, acr: undefined }, "acr is undefined"],
    [{ auth: {}, maxauthage: 300 }, "Unknown option: maxauthage"],
    [{ auth: {}, audience: undefined }, "audience is undefined"],
    [{ auth: {}, audience: ["https://notes.test"] }, "audience"],
    [{ auth: {}, onUnavailable: "allow" }, "onUnavailable"],
    [{ auth: {}, now: undefined }, "now"],
    [{ auth: {}, denylist: {} }, "KV namespace"],
    [{ auth: {}, constructor: 1 }, "Unknown option: constructor"],
    [{ auth: undefined }, "binding"],
    [{ auth: {}, issuer: "https://auth.test" }, "either auth or issuer"],
    [{}, "either auth or issuer"],
  ] as unknown as [AuthOptions, string][])("rejects the options %j", async (options, reason) => {
    expect(() => requireAuth(options)).toThrow(reason);
    await expect(authenticate(new Request("https://notes.test"), options)).rejects.toThrow(TypeError);
  });
});

describe("authenticate", () => {
  it("checks a request without Hono", async () => {
    const { auth, token } = await createTestIssuer();
    const request = (authorization: string) => new Request("https://notes.test", { headers: { authorization } });

    const outcome = await authenticate(request(bearing(await token({ sub: "jane" }))), { auth });
    expect(outcome).toMatchObject({ ok: true, claims: { sub: "jane" } });
    const refused = await authenticate(request("Bearer garbage"), { auth });
    expect(refused.ok === false && [refused.code, refused.response.status]).toEqual(["unauthenticated", 401]);
  });

  it("renews keys after the response with a context, and before it without one", async () => {
    const clock = createTestClock();
    const issuer = await createTestIssuer(clock);
    const keys = vi.fn(issuer.auth.keys);
    const options = { auth: { ...issuer.auth, keys }, tier: "local", now: clock.now } as const;
    const waitUntil = vi.fn();
    const ask = async (ctx?: { waitUntil(work: Promise<unknown>): void }) => {
      const headers = new Headers({ authorization: bearing(await issuer.token()) });
      return (await authenticate({ headers }, options, ctx)).ok;
    };
    expect(await ask()).toBe(true);

    clock.advance(301);
    keys.mockImplementationOnce(() => new Promise(() => {}));
    expect([await ask({ waitUntil }), keys.mock.calls.length]).toEqual([true, 2]);
    expect(waitUntil).toHaveBeenCalledTimes(1);
    await waitUntil.mock.calls[0]![0];
    clock.advance(11);
    expect([await ask(), keys.mock.calls.length]).toEqual([true, 3]);
    expect([await ask(), keys.mock.calls.length]).toEqual([true, 3]);
    clock.advance(301);
    issuer.setReachable(false);
    expect([await ask(), keys.mock.calls.length]).toEqual([true, 4]);
  });

  it("rejects tokens of a key that the issuer has withdrawn", async () => {
    const clock = createTestClock();
    const [issuer, next] = [await createTestIssuer(clock), await createTestIssuer(clock)];
    let source = issuer;
    const auth = { keys: () => source.auth.keys(), verify: issuer.auth.verify };
    const headers = new Headers({ authorization: bearing(await issuer.token()) });
    const ask = async () => (await authenticate({ headers }, { auth, tier: "local", now: clock.now })).ok;
    expect(await ask()).toBe(true);

    source = next;
    clock.advance(301);
    expect([await ask(), await ask()]).toEqual([false, false]);
  });
});
