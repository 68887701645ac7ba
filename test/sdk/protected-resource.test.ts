import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import type { AuthService } from "../../src/contract/auth-service.ts";
import {
  type AuthOptions,
  authenticate,
  protectedResource,
  type ResourceOptions,
  requireAuth,
  resourceMetadata,
} from "../../src/sdk/index.ts";
import { createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { authorizeClient, createSignedIn, register } from "../support/oauth.ts";
import { call } from "../support/rpc.ts";
import type { World } from "../support/world.ts";

const RESOURCE = "https://notes.test/mcp";
const METADATA = 'resource_metadata="https://notes.test/.well-known/oauth-protected-resource/mcp"';
const [READ, WRITE] = ["notes:read", "notes:write"];

describe("requireAuth of a resource", () => {
  it("tells a client without a valid token where to get one, and for which scopes", async () => {
    const { auth, token } = await createTestIssuer();
    const get = guarded({ auth, resource: RESOURCE, scopes: [READ, WRITE] });
    const rest = `${METADATA}, scope="${READ} ${WRITE}"`;

    expect((await get()).challenge).toBe(`Bearer realm="gatehouse", ${rest}`);
    for (const bad of ["garbage", await token({ scope: READ }), await token({ aud: RESOURCE, exp: 1 })]) {
      const refused = await get(bearing(bad));
      expect([refused.status, refused.challenge]).toEqual([
        401,
        `Bearer realm="gatehouse", error="invalid_token", ${rest}`,
      ]);
    }
    expect((await guarded({ auth, resource: RESOURCE })()).challenge).toBe(`Bearer realm="gatehouse", ${METADATA}`);
    expect((await guarded({ auth, resource: "https://notes.test" })()).challenge).toMatch(/protected-resource"$/);
    expect((await guarded({ auth, scopes: [READ] })()).challenge).toBe(`Bearer realm="gatehouse", scope="${READ}"`);
  });

  it.each(["local", "revocation", "authoritative"] as const)(
    "accepts tokens for the resource that have every scope, in tier %s",
    async (tier) => {
      const { auth, token } = await createTestIssuer();
      const get = guarded({ auth, tier, resource: RESOURCE, scopes: [READ, WRITE] });
      const ask = async (scope?: string) => get(bearing(await token({ aud: RESOURCE, ...(scope && { scope }) })));

      expect((await ask(`openid ${WRITE} ${READ}`)).status).toBe(200);
      for (const scope of [undefined, READ, `${READ} ${WRITE}s`, `${READ},${WRITE}`]) {
        const refused = await ask(scope);
        expect([refused.status, refused.json.code]).toEqual([403, "insufficient_scope"]);
        const rest = `error="insufficient_scope", ${METADATA}, scope="${READ} ${WRITE}"`;
        expect(refused.challenge).toBe(`Bearer realm="gatehouse", ${rest}`);
      }
    },
  );

  it("names the scopes of every check of a request, so that a new token passes them all", async () => {
    const { auth, token } = await createTestIssuer();
    const app = new Hono()
      .use(requireAuth({ auth, resource: RESOURCE, scopes: [READ] }))
      .post("/", requireAuth({ auth, resource: RESOURCE, scopes: [WRITE] }), (c) => c.text(c.var.auth.sub));
    const headers = { authorization: bearing(await token({ aud: RESOURCE, scope: READ })) };

    const refused = await app.request("/", { method: "POST", headers });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      403,
      expect.stringContaining(`scope="${READ} ${WRITE}"`),
    ]);
    const unknown = await app.request("/", { method: "POST" });
    expect(unknown.headers.get("www-authenticate")).toContain(`scope="${READ}"`);
  });

  it("sends no client to authorize again for what that cannot change", async () => {
    const { auth, token } = await createTestIssuer();
    const authorization = bearing(await token({ aud: RESOURCE, scope: READ }));
    const options = { auth, resource: RESOURCE, scopes: [READ] };

    const noRole = await guarded({ ...options, roles: ["editor"] })(authorization);
    expect([noRole.status, noRole.json.code, noRole.challenge]).toEqual([403, "insufficient_scope", null]);
    const weak = await guarded({ ...options, acr: "aal2" })(authorization);
    expect([weak.status, weak.challenge]).toEqual([401, expect.stringContaining(`acr_values="aal2", ${METADATA}`)]);
  });

  it.each([
    [{ resource: undefined }, "resource is undefined"],
    [{ resource: "notes" }, "https URL"],
    [{ resource: "http://notes.test/mcp" }, "https URL"],
    [{ resource: `${RESOURCE}?x=1` }, "without a query"],
    [{ resource: `${RESOURCE}#x` }, "without a query"],
    [{ resource: "https://jane@notes.test/mcp" }, "https URL"],
    [{ resource: RESOURCE, audience: "https://notes.test" }, "Omit audience"],
    [{ scopes: [] }, "scopes"],
    [{ scopes: READ }, "scopes"],
    [{ scopes: [`${READ} ${WRITE}`] }, "scopes"],
    [{ scopes: ['"'] }, "scopes"],
    [{ scopes: [READ, "offline_access"] }, "without offline_access"],
    [{ scope: [READ] }, "Unknown option: scope"],
  ] as unknown as [Partial<AuthOptions>, string][])("rejects the options %j", async (options, reason) => {
    const { auth } = await createTestIssuer();
    const all = { auth, resource: RESOURCE, ...options } as AuthOptions & ResourceOptions;
    expect(() => requireAuth(all)).toThrow(reason);
    if ("audience" in options) return;
    await expect(resourceMetadata(new Request(RESOURCE), all)).rejects.toThrow(TypeError);
  });
});

describe("protectedResource", () => {
  const ROOT = "/.well-known/oauth-protected-resource";

  it("serves the metadata, with and without the path of the resource, to any origin", async () => {
    const { auth } = await createTestIssuer();
    const app = new Hono<{ Bindings: { AUTH: AuthService } }>()
      .use(
        protectedResource((bindings: { AUTH: AuthService }) => ({
          auth: bindings.AUTH,
          resource: RESOURCE,
          scopes: [READ],
        })),
      )
      .get("*", (c) => c.text("other"));
    const ask = (path: string, method = "GET") => app.request(`https://notes.test${path}`, { method }, { AUTH: auth });

    for (const path of [ROOT, `${ROOT}/mcp`, `${ROOT}/mcp/`]) {
      const answer = await ask(path);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
      expect(await answer.json()).toEqual({
        resource: RESOURCE,
        authorization_servers: ["https://auth.test"],
        scopes_supported: [READ],
        bearer_methods_supported: ["header"],
      });
    }
    const preflight = await ask(`${ROOT}/mcp`, "OPTIONS");
    expect([preflight.status, preflight.headers.get("access-control-allow-headers")]).toEqual([204, "*"]);
    for (const path of ["/", `${ROOT}/other`, `${ROOT}s`, `/mcp${ROOT}`])
      expect(await (await ask(path)).text()).toBe("other");
  });

  it("needs no network with an issuer, and says so while a bound service is down", async () => {
    const request = new Request(`https://notes.test${ROOT}/mcp`);
    const remote = await resourceMetadata(request, { issuer: "https://auth.test", resource: RESOURCE });
    expect(await remote?.json()).toMatchObject({ authorization_servers: ["https://auth.test"] });
    expect(await resourceMetadata(new Request(RESOURCE), { issuer: "https://auth.test", resource: RESOURCE })).toBe(
      undefined,
    );

    vi.spyOn(console, "error").mockImplementation(() => {});
    const { auth, setReachable } = await createTestIssuer();
    setReachable(false);
    const down = await resourceMetadata(request, { auth, resource: RESOURCE });
    expect([down?.status, down?.headers.get("access-control-allow-origin")]).toEqual([503, "*"]);
  });

  it.each([
    [{ resource: RESOURCE }, "either auth or issuer"],
    [{ issuer: "https://auth.test" }, "resource"],
    [{ issuer: "http://auth.test", resource: RESOURCE }, "https origin"],
    [{ issuer: "https://auth.test", resource: RESOURCE, tier: "local" }, "Unknown option: tier"],
    [{ issuer: "https://auth.test", resource: RESOURCE, scopes: ["offline_access"] }, "without offline_access"],
  ] as unknown as [ResourceOptions, string][])("rejects the options %j", (options, reason) => {
    expect(() => protectedResource(options)).toThrow(reason);
  });
});

describe("a token that the service issued to a client", () => {
  const SCOPES = [READ, WRITE].map((name) => ({ name, description: { en: `Use ${name}` } }));
  const settings = { OAUTH_RESOURCES: RESOURCE, OAUTH_SCOPES: JSON.stringify(SCOPES) };

  /** The binding of another Worker. */
  const bind = (world: World) => ({
    keys: () => call(world, "keys"),
    verify: (...args: Parameters<AuthService["verify"]>) => call(world, "verify", ...args),
  });

  async function authorized(more: Record<string, string>) {
    const { world, visitor, jane } = await createSignedIn(settings);
    const registered = await register(world);
    const { tokens } = await authorizeClient(world, visitor, registered, more);
    const { client, secret = "" } = registered;
    const token = tokens.access_token;
    const revoke = () => world.form("/oauth/revoke", { client_id: client.client_id, client_secret: secret, token });
    return { world, jane, client, token, revoke };
  }

  it("opens its resource, and nothing else, until it is revoked", async () => {
    const { world, jane, client, token, revoke } = await authorized({ resource: RESOURCE, scope: READ });
    const auth = bind(world);
    const headers = new Headers({ authorization: bearing(token) });
    const seen = async () => ({
      resource: (await guarded({ auth, resource: RESOURCE, scopes: [READ] })(bearing(token))).status,
      denylist: (await guarded({ auth, resource: RESOURCE, denylist: env.DENYLIST })(bearing(token))).status,
      writing: (await guarded({ auth, resource: RESOURCE, scopes: [WRITE] })(bearing(token))).status,
      other: (await guarded({ auth, resource: "https://notes.test/api" })(bearing(token))).status,
      // As an API of the operator checks its tokens.
      own: (await guarded({ auth })(bearing(token))).status,
      user: (await world.me(token)).status,
      verify: (await call(world, "verify", token, { audience: RESOURCE })).ok,
      authenticate: (await call(world, "authenticate", headers, { audience: RESOURCE })).ok,
      authoritative: (await call(world, "verify", token, { audience: RESOURCE, tier: "authoritative" })).ok,
      plain: (await call(world, "authenticate", headers)).ok,
    });
    const refused = { writing: 403, other: 401, own: 401, user: 401, plain: false };

    expect(await seen()).toEqual({
      resource: 200,
      denylist: 200,
      verify: true,
      authenticate: true,
      authoritative: true,
      ...refused,
    });
    const { value } = await call(world, "verify", token, { audience: RESOURCE });
    expect(value).toMatchObject({ sub: jane.id, client_id: client.client_id, scope: READ, aud: RESOURCE });

    expect((await revoke()).status).toBe(200);
    expect(await seen()).toEqual({
      resource: 401,
      denylist: 401,
      verify: false,
      authenticate: false,
      authoritative: false,
      ...refused,
      writing: 401,
    });
  });

  it("opens no API of the operator if it is for no resource", async () => {
    const { world, token } = await authorized({ scope: `openid ${READ}` });
    const outcome = await authenticate(new Request(RESOURCE, { headers: { authorization: bearing(token) } }), {
      auth: bind(world),
    });

    expect(outcome).toMatchObject({ ok: false, code: "unauthenticated" });
    expect((await guarded({ auth: bind(world), resource: RESOURCE })(bearing(token))).status).toBe(401);
    expect((await world.me(token)).status).toBe(401);
  });
});
