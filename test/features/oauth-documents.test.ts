import * as oauth from "oauth4webapi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { allow, authorizeClient, authorizePath, createSignedIn, refreshAs, request } from "../support/oauth.ts";
import { rowCount, rows } from "../support/rows.ts";
import { createWorld, stopClock, type World } from "../support/world.ts";

const CALLBACK = "https://app.example/callback";

let networks = 0;
/** Registrations are limited by network. */
const network = () => ({ "cf-connecting-ip": `198.51.100.${networks++ % 250}` });

describe("a client with a metadata document", () => {
  const URL_OF_CLIENT = "https://app.example/client.json";
  const DOCUMENT = {
    client_id: URL_OF_CLIENT,
    client_name: "Robot",
    redirect_uris: [CALLBACK, "http://127.0.0.1/callback"],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "none",
  };
  const json = (body: unknown, init: ResponseInit = {}) =>
    new Response(typeof body === "string" ? body : JSON.stringify(body), {
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });
  const serve = (answer: () => Response | Promise<Response>) =>
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => answer());

  beforeEach(() => {
    vi.restoreAllMocks();
  });

  const ask = async (world: World, clientId: string, redirectUri = CALLBACK) => {
    const { params } = await request({ client_id: clientId }, { redirect_uri: redirectUri });
    return world.get(authorizePath(params), { accept: "text/html", ...network() });
  };

  it("signs users in, and its document is read once while it is fresh", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_CIMD: "on" });
    const fetched = serve(() => json(DOCUMENT, { headers: { "cache-control": "max-age=3600" } }));
    const registered = { client: { client_id: URL_OF_CLIENT }, auth: oauth.None(), secret: undefined };
    const { tokens } = await authorizeClient(world, visitor, registered);
    const second = await authorizeClient(world, visitor, registered);

    expect(tokens.refresh_token).toBeTruthy();
    expect(second.tokens.refresh_token).toBeTruthy();
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ redirect: "manual" });
    expect(await rows("oauth_clients")).toMatchObject([{ id: URL_OF_CLIENT, kind: "document", auth_method: "none" }]);
  });

  it("changes with its document when that is no longer fresh, and keeps its users", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_CIMD: "on" });
    serve(() => json(DOCUMENT));
    const registered = { client: { client_id: URL_OF_CLIENT }, auth: oauth.None(), secret: undefined };
    await authorizeClient(world, visitor, registered);
    vi.restoreAllMocks();
    serve(() => json({ ...DOCUMENT, redirect_uris: ["https://app.example/elsewhere"] }));

    stopClock(Date.now() + 299_000);
    expect((await ask(world, URL_OF_CLIENT)).status).toBe(303);
    stopClock(Date.now() + 2000);
    expect((await ask(world, URL_OF_CLIENT)).status).toBe(400);
    expect((await ask(world, URL_OF_CLIENT, "https://app.example/elsewhere")).status).toBe(303);
    expect(await rowCount("oauth_grants")).toBe(1);
  });

  it("is asked about each time on a device", async () => {
    const { visitor } = await createSignedIn({ OAUTH_CIMD: "on" });
    serve(() => json(DOCUMENT));
    const { params } = await request({ client_id: URL_OF_CLIENT }, { redirect_uri: "http://127.0.0.1:53789/callback" });
    for (let times = 0; times < 2; times++) {
      const page = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site", ...network() });
      expect(page.text).toMatch(/Robot.*Its address is <strong>app\.example<\/strong>/s);
      expect(await allow(visitor, page.text)).toMatch(/^http:\/\/127\.0\.0\.1:53789\/callback\?code=/);
    }
  });

  it("is unknown if its document takes five seconds, or if its network asks about too many", async () => {
    const late = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    const fetched = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation(async (_, init) => (init?.signal?.aborted ? Promise.reject() : json(DOCUMENT)));
    const { status, text } = await ask(createWorld({ OAUTH_CIMD: "on" }), URL_OF_CLIENT);
    expect([status, text.includes("unknown_client"), late.mock.calls]).toEqual([400, true, [[5000]]]);

    const RATE_LIMIT_REGISTRATION = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    fetched.mockClear();
    const refused = await ask(createWorld({ OAUTH_CIMD: "on", RATE_LIMIT_REGISTRATION }), URL_OF_CLIENT);
    expect([refused.status, fetched.mock.calls]).toEqual([429, []]);
    expect(await rowCount("oauth_clients")).toBe(0);
  });

  it("is unknown unless the operator allows it", async () => {
    const fetched = serve(() => json(DOCUMENT));

    expect((await ask(createWorld(), URL_OF_CLIENT)).text).toContain("unknown_client");
    expect(fetched).not.toHaveBeenCalled();
  });

  it("at a host that the operator blocks is unknown at once, with what it has, and others are not", async () => {
    const settings = { OAUTH_CIMD: "on" };
    const { world, visitor } = await createSignedIn(settings);
    const fetched = serve(() => json(DOCUMENT));
    const registered = { client: { client_id: URL_OF_CLIENT }, auth: oauth.None(), secret: undefined };
    const { tokens } = await authorizeClient(world, visitor, registered);
    const refresh = (at: World) => refreshAs(at, registered, tokens.refresh_token ?? "");
    fetched.mockClear();

    for (const [hosts, isBlocked] of [
      ["evil.test,app.example", true],
      ["example", true],
      ["pp.example,www.app.example", false],
    ] as const) {
      const blocking = createWorld({ ...settings, OAUTH_CIMD_BLOCKED_HOSTS: hosts });
      const { status, json } = await refresh(blocking);
      expect([hosts, status, json.error]).toEqual([hosts, ...(isBlocked ? [401, "invalid_client"] : [200, undefined])]);
      expect((await ask(blocking, URL_OF_CLIENT)).text.includes("unknown_client")).toBe(isBlocked);
      const fresh = await ask(blocking, "https://app.example/other.json");
      expect([fresh.text.includes("unknown_client"), fetched.mock.calls.length]).toEqual([true, isBlocked ? 0 : 1]);
    }
  });

  it.each([
    "http://app.example/client.json",
    "https://app.example",
    "https://app.example/",
    "https://app.example/client.json#x",
    "https://user:secret@app.example/client.json",
    "https://app.example:8443/client.json",
    "https://APP.example/client.json",
    "https://app.example/a/../client.json",
    "https://app.example./client.json",
    "https://localhost/client.json",
    "https://intranet/client.json",
    "https://printer.local/client.json",
    "https://db.internal/client.json",
    "https://127.0.0.1/client.json",
    "https://2130706433/client.json",
    "https://0x7f.1/client.json",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/client.json",
    "https://auth.test/client.json",
  ])("at %s is never asked for", async (url) => {
    const fetched = serve(() => json({ ...DOCUMENT, client_id: url }));
    const answer = await ask(createWorld({ OAUTH_CIMD: "on" }), url);

    expect([answer.status, answer.text.includes("unknown_client")]).toEqual([400, true]);
    expect(fetched).not.toHaveBeenCalled();
    expect(await rowCount("oauth_clients")).toBe(0);
  });

  it.each([
    ["another client id", () => json({ ...DOCUMENT, client_id: "https://other.example/client.json" })],
    ["no redirect URI", () => json({ ...DOCUMENT, redirect_uris: [] })],
    ["a redirect URI with a script", () => json({ ...DOCUMENT, redirect_uris: ["javascript:alert(1)"] })],
    ["a secret", () => json({ ...DOCUMENT, token_endpoint_auth_method: "client_secret_basic" })],
    ["a long name", () => json({ ...DOCUMENT, client_name: "x".repeat(61) })],
    ["text that is no JSON", () => json("{")],
    ["another type", () => new Response(JSON.stringify(DOCUMENT), { headers: { "content-type": "text/html" } })],
    ["too many bytes", () => json({ ...DOCUMENT, more: "x".repeat(6000) })],
    ["a redirect", () => Response.redirect("https://other.example/client.json")],
    ["an error", () => json(DOCUMENT, { status: 404 })],
    ["no answer", () => Promise.reject(new Error("canary"))],
  ])("whose document has %s is refused with one and the same answer", async (_, answer) => {
    serve(answer);
    const { status, text } = await ask(createWorld({ OAUTH_CIMD: "on" }), URL_OF_CLIENT);

    expect([status, text.includes("unknown_client"), text.includes("canary")]).toEqual([400, true, false]);
    expect(await rowCount("oauth_clients")).toBe(0);
  });
});
