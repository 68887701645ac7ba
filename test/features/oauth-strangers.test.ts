import { env } from "cloudflare:workers";
import * as oauth from "oauth4webapi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { GRANT_TYPES } from "../../src/contract/oauth-client.ts";
import {
  allow,
  authorizeClient,
  authorizePath,
  createSignedIn,
  discover,
  optionsOf,
  request,
} from "../support/oauth.ts";
import { rowCount, rows } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, stopClock, type World } from "../support/world.ts";

const CALLBACK = "https://app.example/callback";
const HOUR = 3_600_000;
const NOTES = "https://notes.example/mcp";
const FOREIGN = { "sec-fetch-site": "cross-site" };

let networks = 0;
/** Registrations are limited by network. */
const network = () => ({ "cf-connecting-ip": `198.51.100.${networks++ % 250}` });

describe("a client that registers itself", () => {
  const registerAt = (world: World, body: unknown) => world.post("/oauth/register", body, network());

  it("signs users in as any other, and is asked about each time at first", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const as = await discover(world);
    const response = await oauth.dynamicClientRegistrationRequest(
      as,
      { redirect_uris: [CALLBACK], client_name: "Robot", grant_types: ["authorization_code", "refresh_token"] },
      { ...optionsOf(world), headers: network() },
    );
    const client = await oauth.processDynamicClientRegistrationResponse(response);
    const auth = oauth.ClientSecretBasic(String(client["client_secret"]));
    const { tokens } = await authorizeClient(world, visitor, { client, auth, secret: undefined });

    expect(tokens.refresh_token).toBeTruthy();
    expect(await rows("oauth_clients")).toMatchObject([{ kind: "dynamic", first_party: 0, name: "Robot" }]);
  });

  it("does not exist unless the operator allows it", async () => {
    const world = createWorld();

    expect((await registerAt(world, { redirect_uris: [CALLBACK] })).json.code).toBe("registration_disabled");
    expect(await discover(world)).not.toHaveProperty("registration_endpoint");
    expect(await rowCount("oauth_clients")).toBe(0);
  });

  it.each([
    [undefined, "invalid_client_metadata"],
    [[], "invalid_client_metadata"],
    [{}, "invalid_client_metadata"],
    [{ redirect_uris: [] }, "invalid_client_metadata"],
    [{ redirect_uris: CALLBACK }, "invalid_client_metadata"],
    [{ redirect_uris: Array(21).fill(CALLBACK) }, "invalid_client_metadata"],
    [{ redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    [{ redirect_uris: ["http://app.example/callback"] }, "invalid_redirect_uri"],
    [{ redirect_uris: [`${CALLBACK}#fragment`] }, "invalid_redirect_uri"],
    [{ redirect_uris: ["https://user@app.example/callback"] }, "invalid_redirect_uri"],
    [{ redirect_uris: ["https://*.example/callback"] }, "invalid_redirect_uri"],
    [{ redirect_uris: [CALLBACK], token_endpoint_auth_method: "tls_client_auth" }, "invalid_client_metadata"],
    [{ redirect_uris: [CALLBACK], grant_types: ["implicit"] }, "invalid_client_metadata"],
    [{ redirect_uris: [CALLBACK], response_types: ["token"] }, "invalid_client_metadata"],
    [{ redirect_uris: [CALLBACK], client_name: "x".repeat(61) }, "invalid_client_metadata"],
    [{ redirect_uris: [CALLBACK], client_name: "a\nb" }, "invalid_client_metadata"],
  ])("with the metadata %j gets the error %s", async (body, error) => {
    const answer = await registerAt(createWorld({ OAUTH_DCR: "on" }), body);

    expect([answer.status, answer.json.error]).toEqual([400, error]);
    expect(await rowCount("oauth_clients")).toBe(0);
  });

  it("gets only the grants that begin with a page, and a secret or none", async () => {
    const world = createWorld({ OAUTH_DCR: "on", OAUTH_RESOURCES: NOTES });
    const grant_types = [...GRANT_TYPES];
    const { json } = await registerAt(world, { redirect_uris: [CALLBACK], grant_types });
    const { client_id, client_secret } = json;
    const own = { grant_type: "client_credentials", client_id, client_secret, resource: NOTES };
    const signs = { redirect_uris: [CALLBACK], token_endpoint_auth_method: "private_key_jwt" };

    expect(json.grant_types).toEqual(["authorization_code", "refresh_token"]);
    expect((await world.form("/oauth/token", own)).json.error).toBe("unauthorized_client");
    expect((await registerAt(world, signs)).json.error).toBe("invalid_client_metadata");
  });

  it("is shown with a warning, and moves no browser on without its user", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const { json: client } = await registerAt(world, { redirect_uris: [CALLBACK], client_name: "Jane Bank" });
    const { params } = await request(client);
    const page = await visitor.get(authorizePath(params), FOREIGN);
    expect(page.text).toMatch(/Jane Bank.*class="alert">Nobody here has checked.*<strong>app\.example/s);

    const stranger = createVisitor(world);
    params.set("prompt", "none");
    const bad = new URLSearchParams({ client_id: client.client_id, redirect_uri: CALLBACK });
    for (const asked of [params, bad]) {
      const answer = await stranger.get(authorizePath(asked), FOREIGN);
      expect([answer.status, answer.location]).toEqual([422, null]);
    }
  });

  it("is refused after the operator has switched registration off", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const { json: client } = await registerAt(world, { redirect_uris: [CALLBACK] });
    const { params } = await request(client);
    await visitor.get(authorizePath(params), FOREIGN);

    const off = await createVisitor(createWorld()).get(authorizePath(params), FOREIGN);
    expect(off.text).toContain("unknown_client");
  });

  it("is deleted after an hour without a user, and stays while it has one", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const { json: used } = await registerAt(world, { redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" });
    await registerAt(world, { redirect_uris: [CALLBACK] });
    await authorizeClient(world, visitor, { client: used, auth: oauth.None(), secret: undefined });

    stopClock(Date.now() + HOUR + 1000);
    await world.schedule();
    expect(await rows("oauth_clients")).toMatchObject([{ id: used.client_id }]);
    await env.DB.exec("delete from oauth_grants");
    stopClock(Date.now() + 40 * 24 * HOUR);
    // The first run purges the session and the code.
    await world.schedule();
    await world.schedule();
    expect(await rowCount("oauth_clients")).toBe(0);
  });

  it("is refused while there are ten thousand others, which leave room for the operator's", async () => {
    const insert = env.DB.prepare(
      `insert into oauth_clients (id, name, auth_method, redirect_uris, grant_types, created_at, kind)
       select 'x' || key, 'X', 'none', '[]', '[]', 0, 'dynamic' from json_each(?)`,
    );
    await insert.bind(JSON.stringify(Array(10_000).fill(0))).run();
    const answer = await registerAt(createWorld({ OAUTH_DCR: "on" }), { redirect_uris: [CALLBACK] });

    expect([answer.status, answer.json.code]).toEqual([409, "too_many_clients"]);
  });
});

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

  it("is unknown unless the operator allows it", async () => {
    const fetched = serve(() => json(DOCUMENT));

    expect((await ask(createWorld(), URL_OF_CLIENT)).text).toContain("unknown_client");
    expect(fetched).not.toHaveBeenCalled();
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
