import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import {
  authorizeClient,
  authorizePath,
  codeFor,
  createSignedIn,
  fieldsOf,
  register,
  request,
} from "../support/oauth.ts";
import { sidOf } from "../support/world.ts";

const NOTES = { client_name: "Notes", scopes: ["openid", "email", "offline_access"] };
const OWN_APP = { client_name: "Acme", first_party: true, token_endpoint_auth_method: "none" as const };

/** Jane with an app that she has allowed, and one of the operator that never asked. */
async function createWithApps() {
  const { world, visitor, jane, login } = await createSignedIn();
  const [notes, own] = [await register(world, NOTES), await register(world, OWN_APP)];
  const { tokens } = await authorizeClient(world, visitor, notes);
  await authorizeClient(world, visitor, own, { scope: "openid" });
  const { access_token: token } = await login();
  const { client_id } = notes.client;
  const list = async () => (await world.call("GET", "/users/me/grants", { token })).json.grants;
  const revoke = (id = client_id) => world.call("DELETE", `/users/me/grants/${id}`, { token });
  const form = { grant_type: "refresh_token", client_id, client_secret: notes.secret ?? "" };
  const refresh = async () =>
    (await world.form("/oauth/token", { ...form, refresh_token: tokens.refresh_token ?? "" })).status;
  return { world, visitor, jane, token, client_id, notes, own, tokens, list, revoke, refresh };
}

it("the apps of a user are listed with what they may do, also one of the operator that never asked", async () => {
  const { client_id, own, list } = await createWithApps();
  const time = expect.stringMatching(/^\d{4}-.*Z$/);

  expect(await list()).toEqual([
    {
      client_id: own.client.client_id,
      client_name: "Acme",
      first_party: true,
      permissions: [{ resource: null, scopes: ["openid"], granted_at: time }],
      last_used_at: time,
    },
    {
      client_id,
      client_name: "Notes",
      first_party: false,
      permissions: [{ resource: null, scopes: expect.arrayContaining(NOTES.scopes), granted_at: time }],
      last_used_at: time,
    },
  ]);
});

it("an app without access is signed out at once, has to ask again, and is an event", async () => {
  const { visitor, jane, client_id, notes, tokens, list, revoke, refresh } = await createWithApps();
  const { params } = await request(notes.client);
  const silent = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  const code = new URL(silent.location ?? "").searchParams.get("code");

  expect((await revoke()).status).toBe(204);

  expect(await refresh()).toBe(400);
  expect(await env.DENYLIST.get(`sid:${sidOf(tokens.access_token)}`)).not.toBeNull();
  expect((await list()).map((app: { client_name: string }) => app.client_name)).toEqual(["Acme"]);
  expect(fieldsOf((await visitor.get(authorizePath(params))).text)["user"]).toBe(jane.id);
  // A code from before opens no session.
  const open = env.DB.prepare("select count(*) as n from oauth_codes where client_id = ? and spent_at is null");
  expect([code?.length, await open.bind(client_id).first("n")]).toEqual([43, 0]);
  const events = await env.DB.prepare("select type from audit_events where type = 'grant_revoked'").all();
  expect(events.results).toHaveLength(1);
  expect((await revoke()).json.code).toBe("not_found");
});

it("access is removed also if no session of the app is left, with an event", async () => {
  const { visitor, client_id, list, revoke } = await createWithApps();
  await env.DB.prepare("delete from sessions where client_id = ?").bind(client_id).run();
  expect(await list()).toMatchObject([{ client_name: "Acme" }, { client_name: "Notes", last_used_at: null }]);

  expect((await revoke()).status).toBe(204);
  const { results } = await env.DB.prepare("select type from audit_events where type = 'grant_revoked'").all();
  expect(results).toHaveLength(1);
  expect((await visitor.get("/account/apps")).text).not.toContain("Notes");
});

it("access is removed also if all that the app of the operator has is a code, with an event", async () => {
  const { world, visitor, login } = await createSignedIn();
  const code = await codeFor(visitor, await register(world, OWN_APP));
  const { access_token: token } = await login();

  const revoke = async () => (await world.call("DELETE", `/users/me/grants/${code["client_id"]}`, { token })).status;
  expect([await revoke(), await revoke()]).toEqual([204, 404]);
  expect((await world.form("/oauth/token", code)).json.error).toBe("invalid_grant");
  const { results } = await env.DB.prepare("select type from audit_events where type = 'grant_revoked'").all();
  expect(results).toHaveLength(1);
});

it("nobody removes the access of an app to another account, and no app of others lists it", async () => {
  const { world, client_id, tokens, refresh } = await createWithApps();
  await world.post("/auth/register", { email: "john@example.com", password: "correct-horse-7" });
  const john = await world.post("/auth/login", { identifier: "john@example.com", password: "correct-horse-7" });
  const token = john.json.access_token;

  expect((await world.call("GET", "/users/me/grants", { token })).json).toEqual({ grants: [] });
  expect((await world.call("DELETE", `/users/me/grants/${client_id}`, { token })).status).toBe(404);
  expect((await world.call("GET", "/users/me/grants", { token: tokens.access_token })).status).toBe(401);
  expect(await refresh()).toBe(200);
});

it("the page lists the apps in words and removes one, after a question", async () => {
  const { visitor, client_id, refresh } = await createWithApps();
  const list = await visitor.get("/account/apps");
  expect(list.text).toMatch(/Notes.*Know which account is yours.*See your email address/s);
  expect(list.text).toContain("Part of this service");

  const question = await visitor.get(`/account/apps/remove?id=${client_id}`);
  expect(question.text).toContain("Remove access for Notes?");
  expect(await refresh()).toBe(200);
  const done = await visitor.post("/account/apps/remove", { id: client_id, name: "Notes" });
  expect(done.location).toBe("/account/apps?notice=removed");
  expect(await refresh()).toBe(400);
  expect((await visitor.get("/account/apps/remove?id=nobody")).location).toBe("/account/apps");
});

it("the sessions of a user are those of browsers and the operator's apps, and all end with the others", async () => {
  const { world, visitor, own, token, refresh } = await createWithApps();
  const { tokens: ownTokens } = await authorizeClient(world, visitor, own, { scope: "openid account" });
  const { json } = await world.call("GET", "/users/me/sessions", { token });
  const { client_id: id } = own.client;

  const clients = json.sessions.map(({ client }: { client: object | null }) => client);
  expect(clients).toHaveLength(4);
  expect(clients.filter(Boolean)).toEqual([
    { id, name: "Acme" },
    { id, name: "Acme" },
  ]);
  const listed = await world.call("GET", "/users/me/sessions", { token: ownTokens.access_token });
  expect(listed.json.sessions.find(({ current }: { current: boolean }) => current).client).toEqual({
    id,
    name: "Acme",
  });
  expect((await visitor.get("/account/sessions")).text).toMatch(/Acme[\s\S]*Apps with access are signed out too/);
  await visitor.post("/account/sessions/end-others", {});
  expect(await refresh()).toBe(400);
});
