import { expect, it } from "vitest";
import { primary } from "../../src/storage/db.ts";
import { revokeGrants } from "../../src/storage/oauth-grants.ts";
import { addApp } from "../support/authenticator.ts";
import { authorizePath, codeFor, credentialsOf, refreshAs, register, request, tokensOf } from "../support/oauth.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { rows, verifyAddresses } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane } from "../support/world.ts";

/** Jane in two browsers, and a client that she has allowed, with tokens and with a code. */
async function prepare() {
  const { world, jane, login } = await createWorldWithJane(NO_COOLDOWN);
  await verifyAddresses();
  const visitor = createVisitor(world);
  await visitor.signIn();
  const client = await register(world);
  const tokens = await tokensOf(world, visitor, client);
  const code = await codeFor(visitor, client);
  const other = await login();
  const call = (method: string, path: string, body?: object, token = other.access_token) =>
    world.call(method, path, { token, body });
  return { world, jane, visitor, client, tokens, code, other, call };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

const sidOfClient = async () => (await rows("sessions")).find(({ client_id }) => client_id !== null).id;
const sidOfBrowser = async () => (await rows("sessions"))[0].id;

/** What is left after an act: the code, the tokens of the session, and the remembered consent. */
const DIES: Record<string, [act: (jane: Prepared) => Promise<unknown>, left: string]> = {
  "nothing happens": [async () => 0, "code, tokens, consent"],
  "the user revokes what the client may do": [
    async ({ world, jane, client }) => {
      const session = { userId: jane.id, sessionId: await sidOfBrowser() };
      const audit = { at: Date.now(), ip: null, userAgent: null, caller: null };
      await revokeGrants(primary(world.env.DB), session, client.client.client_id, audit);
    },
    "",
  ],
  "the user ends the client's session in the list": [
    async ({ call }) => call("DELETE", `/users/me/sessions/${await sidOfClient()}`),
    "code, consent",
  ],
  "the user ends the session of the browser in the list": [
    async ({ call }) => call("DELETE", `/users/me/sessions/${await sidOfBrowser()}`),
    "tokens, consent",
  ],
  "the client revokes its token": [
    async ({ world, client, tokens }) =>
      world.form("/oauth/revoke", { ...credentialsOf(client), token: tokens.refresh_token }),
    "code, consent",
  ],
  "the client is deleted": [({ world, client }) => administer(world, "deleteClient", client.client.client_id), ""],
  "its secret is rotated": [
    ({ world, client }) => administer(world, "rotateClientSecret", client.client.client_id),
    "code, tokens, consent",
  ],
  "it gets fewer scopes": [
    ({ world, client }) => administer(world, "updateClient", client.client.client_id, { scopes: ["openid"] }),
    "code, tokens, consent",
  ],
  // It is not asked for consent anymore.
  "it becomes an app of the operator": [
    ({ world, client }) => administer(world, "updateClient", client.client.client_id, { first_party: true }),
    "consent",
  ],
  "the user signs out in the browser": [({ visitor }) => visitor.post("/sign-out", {}), "tokens, consent"],
  "the user signs out everywhere else": [
    ({ world, other }) => world.logout({ refresh_token: other.refresh_token, scope: "others" }),
    "consent",
  ],
  "the user signs out everywhere": [
    ({ world, other }) => world.logout({ refresh_token: other.refresh_token, scope: "global" }),
    "consent",
  ],
  "the user changes the password": [
    ({ call }) => call("POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }),
    "consent",
  ],
  "the user resets the password": [
    async ({ world }) => {
      await world.post("/auth/forgot-password", { identifier: "janedoe" });
      await world.flush();
      const { token } = await outbox.last();
      await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
    },
    "consent",
  ],
  "the user changes the email address": [
    async ({ world, call }) => {
      const { json } = await call("POST", "/users/me/email", { email: "new@example.com", password: PASSWORD });
      await world.flush();
      const otp = (await outbox.all()).find(({ to }) => to === "new@example.com")?.code;
      const { status } = await call("POST", "/users/me/email/confirm", { otp }, json?.access_token);
      expect(status).toBe(200);
    },
    "consent",
  ],
  // Afterwards nobody signs in by the password alone, so that no request shows the consent.
  "an administrator voids the password": [({ world, jane }) => administer(world, "voidPassword", jane.id), ""],
  "the user adds a second factor": [
    async ({ call, other }) => {
      const post = async (path: string, body: object) => (await call("POST", path, body)).json;
      expect(await addApp(post, other.access_token)).toHaveProperty("access_token");
    },
    "",
  ],
  "an administrator ends the sessions of the user": [
    ({ world, jane }) => administer(world, "endSessions", jane.id),
    "consent",
  ],
  "an administrator disables the user": [({ world, jane }) => administer(world, "disableUser", jane.id), ""],
  "the user deletes the account": [({ call }) => call("DELETE", "/users/me", { password: PASSWORD }), ""],
};

const ROWS = Object.entries(DIES).map(([name, [act, left]]) => ({ name, act, left }));

it.each(ROWS)("when $name, what is left is: $left", async ({ act, left }) => {
  const prepared = await prepare();
  const { world, client, tokens, code } = prepared;
  await act(prepared);

  const exchanged = await world.form("/oauth/token", code);
  const refreshed = await refreshAs(world, client, tokens.refresh_token);
  const info = await world.call("GET", "/oauth/userinfo", { token: tokens.access_token });
  const inspected = await world.form("/oauth/introspect", { ...credentialsOf(client), token: tokens.access_token });
  const works = refreshed.status === 200;
  expect([info.status, inspected.json.active ?? inspected.json.error === undefined]).toEqual([
    works ? 200 : 401,
    works,
  ]);
  for (const { status, json } of [exchanged, refreshed])
    if (status !== 200) expect(json.error).toMatch(/^invalid_(grant|client)$/);

  const visitor = createVisitor(world);
  for (const password of [PASSWORD, FRESH_PASSWORD])
    await visitor.post("/sign-in", { identifier: "janedoe", password });
  const { params } = await request(client.client, { prompt: "none" });
  const { location } = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  const stays = {
    code: exchanged.status === 200,
    tokens: works,
    consent: location?.includes("code=") ?? false,
  };
  expect(
    Object.entries(stays)
      .flatMap(([name, is]) => (is ? [name] : []))
      .join(", "),
  ).toBe(left);
});
