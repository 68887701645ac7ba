import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import * as oauth from "oauth4webapi";
import { expect, it } from "vitest";
import { DEVICE_GRANT, type NewClient } from "../../src/contract/oauth-client.ts";
import { authorizeClient, createSignedIn, discover, optionsOf, register } from "../support/oauth.ts";
import { atOnce, count } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, ISSUER, type World } from "../support/world.ts";

const RESOURCE = "https://notes.example/api";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const SOON = () => Math.floor(Date.now() / 1000) + 60;

const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const OWN: Partial<NewClient> = {
  token_endpoint_auth_method: "private_key_jwt",
  grant_types: ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT],
  jwks: { keys: [{ ...((await exportJWK(publicKey)) as { kty: "EC" }), kid: "one" }] },
};

const registerOwn = async (world: World, input: Partial<NewClient> = {}) => {
  const registered = await register(world, { ...OWN, ...input });
  return { ...registered, auth: oauth.PrivateKeyJwt({ key: privateKey, kid: "one" }) };
};

type Claims = Record<string, unknown>;

/** The claims of an assertion that is right. */
const claimsOf = (id: string): Claims => ({ iss: id, sub: id, aud: ISSUER, exp: SOON(), jti: crypto.randomUUID() });

const sign = (claims: Claims, key = privateKey, header = { alg: "ES256", kid: "one" }) =>
  new SignJWT(claims).setProtectedHeader(header).sign(key);

async function createOwn(input: Partial<NewClient> = {}) {
  const world = createWorld({ OAUTH_RESOURCES: RESOURCE });
  const { client } = await registerOwn(world, input);
  const ask = (client_assertion: string, more: Record<string, string> = {}) =>
    world.form("/oauth/token", {
      grant_type: "client_credentials",
      resource: RESOURCE,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion,
      ...more,
    });
  return { world, id: client.client_id, ask };
}

const told = ({ status, json }: { status: number; json: { error?: string } }) => [status, json.error];

it("a client that signs gets, renews, introspects and revokes tokens, all with oauth4webapi", async () => {
  const { world, visitor } = await createSignedIn();
  const registered = await registerOwn(world);
  const { client, auth } = registered;
  const { as, tokens } = await authorizeClient(world, visitor, registered);
  const options = optionsOf(world);
  const refresh_token = tokens.refresh_token ?? "";

  const renewed = await oauth.refreshTokenGrantRequest(as, client, auth, refresh_token, options);
  const { access_token } = await oauth.processRefreshTokenResponse(as, client, renewed);
  const introspect = async () =>
    (await (await oauth.introspectionRequest(as, client, auth, access_token, options)).json()) as { active: boolean };

  expect(as.token_endpoint_auth_signing_alg_values_supported).toEqual(["ES256", "EdDSA", "RS256", "PS256"]);
  expect(await introspect()).toMatchObject({ active: true, client_id: client.client_id });
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, access_token, options));
  expect(await introspect()).toEqual({ active: false });
  expect(registered.secret).toBeUndefined();
});

it("a client that signs starts a device and polls", async () => {
  const { world } = await createSignedIn();
  const { client, auth } = await registerOwn(world);
  const as = await discover(world);

  const started = await oauth.deviceAuthorizationRequest(as, client, auth, {}, optionsOf(world));
  const { device_code } = await oauth.processDeviceAuthorizationResponse(as, client, started);
  const polled = await oauth.deviceCodeGrantRequest(as, client, auth, device_code, optionsOf(world));

  expect(((await polled.json()) as { error: string }).error).toBe("authorization_pending");
});

it.each(["EdDSA", "RS256", "PS256"])(
  "a key of %s signs in two trips, whether the audience is the issuer or the token endpoint",
  async (alg) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    const { world, id, ask } = await createOwn({
      jwks: { keys: [(await exportJWK(pair.publicKey)) as { kty: "RSA" }] },
    });
    const signed = (aud: string | string[], header = {}) =>
      new SignJWT({ ...claimsOf(id), aud }).setProtectedHeader({ alg, ...header }).sign(pair.privateKey);

    for (const aud of [ISSUER, `${ISSUER}/oauth/token`, [ISSUER]]) {
      const assertion = await signed(aud);
      const statuses: number[] = [];
      const { d1 } = await world.cost(async () => {
        statuses.push((await ask(assertion)).status);
      });
      expect([d1, statuses]).toEqual([2, [200]]);
    }
    // A `kid` that the client does not have.
    expect(told(await ask(await signed(ISSUER, { kid: "other" })))).toEqual([401, "invalid_client"]);
  },
);

const stranger = await generateKeyPair("ES256");
const secretOf = () => new TextEncoder().encode(JSON.stringify(OWN.jwks?.keys[0]));

it.each<[string, (id: string) => Promise<string> | string]>([
  ["another audience", (id) => sign({ ...claimsOf(id), aud: "https://other.example" })],
  ["two audiences of which one is another", (id) => sign({ ...claimsOf(id), aud: [ISSUER, "https://other.example"] })],
  ["no audience", (id) => sign({ ...claimsOf(id), aud: undefined })],
  ["an empty audience", (id) => sign({ ...claimsOf(id), aud: [] })],
  ["an old exp", (id) => sign({ ...claimsOf(id), exp: SOON() - 120 })],
  ["an exp too far ahead", (id) => sign({ ...claimsOf(id), exp: SOON() + 3600 })],
  ["no exp", (id) => sign({ ...claimsOf(id), exp: undefined })],
  ["no jti", (id) => sign({ ...claimsOf(id), jti: undefined })],
  ["an empty jti", (id) => sign({ ...claimsOf(id), jti: "" })],
  ["a jti that is no text", (id) => sign({ ...claimsOf(id), jti: 7 })],
  ["an nbf in the future", (id) => sign({ ...claimsOf(id), nbf: SOON() })],
  ["another issuer", (id) => sign({ ...claimsOf(id), iss: "x" })],
  ["another subject", (id) => sign({ ...claimsOf(id), sub: "x" })],
  ["the key of somebody else", (id) => sign(claimsOf(id), stranger.privateKey)],
  ["no signature", (id) => new UnsecuredJWT(claimsOf(id)).encode()],
  [
    "HS256 with the public key",
    (id) => new SignJWT(claimsOf(id)).setProtectedHeader({ alg: "HS256" }).sign(secretOf()),
  ],
  ["no JWT", () => "x"],
  ["a broken JWT", () => "e30.e30.e30"],
])("an assertion with %s is refused, and stores nothing", async (_, make) => {
  const { id, ask } = await createOwn();

  expect(told(await ask(await make(id)))).toEqual([401, "invalid_client"]);
  expect(await rowCount("spent_challenges")).toBe(0);
});

it("an assertion works once, also when ten requests race, and at no other endpoint", async () => {
  const { world, id, ask } = await createOwn();
  const assertion = await sign(claimsOf(id));

  const asked = await atOnce(10, () => ask(assertion));
  expect(
    count(
      asked.map(({ status }) => status),
      200,
    ),
  ).toBe(1);
  expect(told(await ask(assertion))).toEqual([401, "invalid_client"]);
  const proof = { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
  for (const path of ["/oauth/revoke", "/oauth/introspect", "/oauth/device_authorization"])
    expect(told(await world.form(path, { ...proof, token: "x" }))).toEqual([401, "invalid_client"]);
  const refresh = { ...proof, grant_type: "refresh_token", refresh_token: "x" };
  expect(told(await world.form("/oauth/token", refresh))).toEqual([401, "invalid_client"]);
});

it("an assertion may expire in an hour", async () => {
  const { id, ask } = await createOwn();

  expect((await ask(await sign({ ...claimsOf(id), exp: SOON() + 3540 }))).status).toBe(200);
});

it("a jti of one client does not spend that of another", async () => {
  const { world, id, ask } = await createOwn();
  const other = (await registerOwn(world)).client.client_id;
  const jti = "same";

  expect((await ask(await sign({ ...claimsOf(id), jti }))).status).toBe(200);
  expect((await ask(await sign({ ...claimsOf(other), jti }))).status).toBe(200);
});

it("an assertion comes alone, and a client that signs has no other way", async () => {
  const { world, id, ask } = await createOwn();
  const assertion = await sign(claimsOf(id));
  const withSecret = await register(world);

  expect(told(await ask(assertion, { client_secret: "x" }))).toEqual([400, "invalid_request"]);
  expect(told(await ask(assertion, { client_id: "x" }))).toEqual([401, "invalid_client"]);
  expect(told(await ask(assertion, { client_assertion_type: "x" }))).toEqual([401, "invalid_client"]);
  expect(told(await ask("", { client_assertion_type: "", client_id: id }))).toEqual([401, "invalid_client"]);
  expect(told(await ask(await sign(claimsOf(withSecret.client.client_id))))).toEqual([401, "invalid_client"]);
  expect((await administer(world, "rotateClientSecret", id)).code).toBe("not_found");
  expect((await ask(assertion, { client_id: id })).status).toBe(200);
});

it("keys are replaced by an administrator, who can register public ones only", async () => {
  const { world, id, ask } = await createOwn();
  const next = await generateKeyPair("ES256", { extractable: true });
  const create = (input: object) => administer(world, "createClient", { client_name: "X", ...OWN, ...input });
  const rsa = { kty: "RSA", e: "AQAB" };

  for (const jwks of [
    null,
    { keys: [] },
    { keys: [await exportJWK(next.privateKey)] },
    { keys: [{ kty: "oct", k: "x" }] },
    { keys: [{ kty: "EC", crv: "P-384", x: "x", y: "y" }] },
    { keys: [{ ...rsa, n: "x".repeat(171) }] },
  ])
    expect((await create({ jwks })).code).toBe("invalid_request");
  expect((await create({ token_endpoint_auth_method: "none", grant_types: ["refresh_token"] })).code).toBe(
    "invalid_request",
  );
  await administer(world, "updateClient", id, { jwks: { keys: [await exportJWK(next.publicKey)] } });

  expect(told(await ask(await sign(claimsOf(id))))).toEqual([401, "invalid_client"]);
  const renewed = new SignJWT(claimsOf(id)).setProtectedHeader({ alg: "ES256" }).sign(next.privateKey);
  expect((await ask(await renewed)).status).toBe(200);
});
