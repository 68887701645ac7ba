import { exportPKCS8, generateKeyPair } from "jose";
import { CLIENT_ID, CLIENT_SECRET, type Json, Upstream } from "./upstream.ts";
import { createVisitor } from "./visitor.ts";
import { createWorld, type World } from "./world.ts";

type Visitor = ReturnType<typeof createVisitor>;

/** The claims of a user whose address the provider has verified. */
export const ANN = { sub: "ann-1", email: "ann@example.com", email_verified: true };
/** Somebody there who has the address of Jane. */
export const JANE_THERE = { sub: "jane-1", email: "jane.doe@example.com", email_verified: true };

/** How a browser is sent back by a provider. */
export const FROM_PROVIDER = { "sec-fetch-site": "cross-site" };

/** The setting for these providers on loopback. */
export const settingsFor = (upstreams: Record<string, Upstream>): Partial<Env> => ({
  IDENTITY_PROVIDERS: JSON.stringify(
    Object.entries(upstreams).map(([id, { issuer }]) => ({
      id,
      name: id[0]?.toUpperCase() + id.slice(1),
      issuer,
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    })),
  ),
});

/** Apple on loopback, which posts its callback. */
export async function settingsForApple({ issuer }: Upstream): Promise<Partial<Env>> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const private_key = await exportPKCS8(privateKey);
  const entry = { preset: "apple", issuer, client_id: CLIENT_ID, team_id: "TEAM", key_id: "KEY", private_key };
  return { IDENTITY_PROVIDERS: JSON.stringify([entry]) };
}

/** A provider whose metadata can be discovered. */
export async function openUpstream(provider: ConstructorParameters<typeof Upstream>[0] = {}): Promise<Upstream> {
  const upstream = new Upstream(provider);
  upstream.discover();
  await upstream.publishAnswers();
  return upstream;
}

/** A world with the providers `acme` and `other`. */
export async function createSocialWorld(settings: Partial<Env> = {}) {
  const upstreams = { acme: await openUpstream(), other: await openUpstream() };
  const world = createWorld({ ...settingsFor(upstreams), ...settings });
  return { world, ...upstreams, upstreams };
}

/** The refresh token of a browser, if it has a session. */
export const sessionOf = (visitor: Visitor) => visitor.cookies.get("__Host-refresh_token");

/** Starts a sign-in in a browser. Returns what the provider gets. */
export async function start(visitor: Visitor, path = "/auth/social/acme") {
  const { status, location } = await visitor.get(path);
  const url = URL.parse(location ?? "");
  return { status, url, state: url?.searchParams.get("state") ?? "", nonce: url?.searchParams.get("nonce") ?? "" };
}

/** Lets the provider vouch for a user in answer to this start. */
export async function vouch(upstream: Upstream, nonce: string, claims: Json) {
  await upstream.serve({ nonce, ...claims });
  await upstream.publishAnswers();
}

/** Sends the browser back to the callback. */
export const comeBack = (visitor: Visitor, params: Record<string, string>, provider = "acme") =>
  visitor.get(`/auth/social/${provider}/callback?${new URLSearchParams(params)}`, FROM_PROVIDER);

/** Signs a browser in at a provider, from the start to the answer to the callback. */
export async function signInAt(
  visitor: Visitor,
  upstream: Upstream,
  claims: Json,
  { path = "/auth/social/acme", provider = "acme" } = {},
) {
  const { state, nonce } = await start(visitor, path);
  await vouch(upstream, nonce, claims);
  return comeBack(visitor, { code: "code-1", state }, provider);
}

/** A browser in which the user of these claims has signed in, by an account that this created. */
export async function signedUpAt(world: World, upstream: Upstream, claims: Json = ANN) {
  const visitor = createVisitor(world);
  const { location } = await signInAt(visitor, upstream, claims);
  if (location !== "/account") throw new Error(`the sign-in led to ${location}`);
  return visitor;
}
