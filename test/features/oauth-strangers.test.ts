import { env } from "cloudflare:workers";
import * as oauth from "oauth4webapi";
import { describe, expect, it } from "vitest";
import { GRANT_TYPES } from "../../src/contract/oauth-client.ts";
import {
  authorizeClient,
  authorizePath,
  createSignedIn,
  discover,
  optionsOf,
  refreshAs,
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

  it("keeps its sessions, and gets no new one, once the operator no longer allows it", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const grant_types = ["authorization_code", "refresh_token"];
    const metadata = { redirect_uris: [CALLBACK], grant_types, token_endpoint_auth_method: "none" };
    const app = { client: (await registerAt(world, metadata)).json, auth: oauth.None(), secret: undefined };
    const { tokens } = await authorizeClient(world, visitor, app);

    const off = createWorld({ OAUTH_DCR: "off" });
    const { params } = await request(app.client);
    const later = createVisitor(off);
    for (const [name, value] of visitor.cookies) later.cookies.set(name, value);
    const page = await later.get(authorizePath(params), FOREIGN);
    expect([page.status, page.location]).toEqual([400, null]);
    expect((await refreshAs(off, app, tokens.refresh_token ?? "")).status).toBe(200);
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
