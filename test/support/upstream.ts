import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { vi } from "vitest";
import { identify } from "../../src/identity-providers/identify.ts";
import type { IdentityProvider } from "../../src/identity-providers/provider.ts";
import type { UpstreamAnswer, UpstreamRequest } from "./upstream-server.ts";

const { UPSTREAMS } = env as Env & { UPSTREAMS: string };

export const CLIENT_ID = "our-client";
export const CLIENT_SECRET = "canary-client-secret-of-32-letters";
export const REQUEST = {
  redirectUri: "https://auth.test/auth/social/acme/callback",
  nonce: "nonce-of-this-browser",
  codeVerifier: "v".repeat(43),
};

/** The lines that are logged from now on. */
export function logged(): Json[] {
  const lines: Json[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => lines.push(JSON.parse(line)));
  return lines;
}

export type Json = Record<string, unknown>;
export type KeyPair = Awaited<ReturnType<typeof drawPair>>;

async function drawPair(alg: string, kid: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } as JWK };
}

const pairs = new Map<string, Promise<KeyPair>>();

/** A pair of keys, drawn once for each algorithm and name. */
export function keyPair(alg = "ES256", kid = "key-1"): Promise<KeyPair> {
  const name = `${alg} ${kid}`;
  const pair = pairs.get(name) ?? drawPair(alg, kid);
  pairs.set(name, pair);
  return pair;
}

/** Signs claims as the provider does. `header` changes or, by null, removes members. */
export async function sign(claims: Json, pair: KeyPair, header: Json = {}): Promise<string> {
  const members = Object.entries({ alg: pair.alg, kid: pair.kid, ...header }).filter(([, value]) => value !== null);
  return new SignJWT(claims).setProtectedHeader(Object.fromEntries(members) as { alg: string }).sign(pair.privateKey);
}

/** An identity provider on loopback. Its answers can be replaced, path by path. */
export class Upstream {
  readonly name = crypto.randomUUID();
  readonly issuer = `${UPSTREAMS}/${this.name}`;
  /** The time, as the acts see it. */
  at = Date.now();
  answers: Record<string, UpstreamAnswer> = {};
  provider: IdentityProvider;

  constructor(provider: Partial<IdentityProvider> = {}) {
    this.provider = {
      id: "acme",
      name: "Acme",
      kind: "oidc",
      issuer: this.issuer,
      clientId: CLIENT_ID,
      credential: { clientSecret: CLIENT_SECRET },
      scopes: ["openid", "email", "profile"],
      callbackMethod: "GET",
      ...provider,
    };
  }

  /** Answers a path with JSON from now on. */
  answer(path: string, json: unknown, status = 200) {
    this.answers[path] = { status, body: JSON.stringify(json) };
  }

  discover(changes: Json = {}) {
    this.answer("/.well-known/openid-configuration", {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      ...changes,
    });
  }

  async publish(...keys: unknown[]) {
    this.answer("/keys", { keys: keys.length > 0 ? keys : [(await keyPair()).jwk] });
  }

  /** The claims of an id_token that passes every check. Undefined removes a claim. */
  claims(changes: Json = {}): Json {
    const now = Math.floor(this.at / 1000);
    const { issuer: iss } = this;
    return { iss, aud: CLIENT_ID, sub: "user-1", nonce: REQUEST.nonce, iat: now, exp: now + 300, ...changes };
  }

  /** Answers the code with this id_token. */
  issue(idToken: string, changes: Json = {}) {
    this.answer("/token", { token_type: "Bearer", access_token: "canary-access-token", id_token: idToken, ...changes });
  }

  /** Plays the provider, with an id_token that has these claims, header and key. */
  async serve(claims: Json = {}, { header, pair }: { header?: Json; pair?: KeyPair } = {}) {
    if (!this.answers["/.well-known/openid-configuration"]) this.discover();
    if (!this.answers["/keys"]) await this.publish();
    this.issue(await sign(this.claims(claims), pair ?? (await keyPair()), header));
    return this;
  }

  /** Publishes the answers to the server. */
  publishAnswers = () => fetch(`${UPSTREAMS}/${this.name}`, { method: "PUT", body: JSON.stringify(this.answers) });

  /** Answers a callback with these parameters. */
  async identify(params: Record<string, string> | URLSearchParams = { code: "code-1" }) {
    await this.publishAnswers();
    return identify({ now: () => this.at }, this.provider, new URLSearchParams(params), REQUEST);
  }

  received = async (): Promise<UpstreamRequest[]> => (await fetch(`${UPSTREAMS}/${this.name}`)).json();

  /** How often each path was asked. */
  async counts(): Promise<Record<string, number>> {
    const paths = Map.groupBy(await this.received(), ({ path }) => path);
    return Object.fromEntries([...paths].map(([path, requests]) => [path, requests.length]));
  }
}

/** The identity that a callback results in, or the code of the error. */
export async function identityAt(upstream: Upstream, params?: Record<string, string>) {
  const result = await upstream.identify(params);
  return result.ok ? result.value : result.code;
}
