/** The issuer of the test kit: signs access tokens and stands in for the service bindings. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { AdminService } from "../contract/admin-service.ts";
import type { AuthService } from "../contract/auth-service.ts";
import type { AccessClaims, AccessTokenType } from "../contract/claims.ts";
import type { Tokens } from "../contract/tokens.ts";
import type { Account } from "../contract/user.ts";
import { isApiKey, isOfApiKey, verifyAccessToken } from "../crypto/access-token.ts";
import { err, ok, type Result } from "../result.ts";
import { createTestAccounts, type NewTestUser, type TestMessage } from "./test-accounts.ts";
import { createTestApiKeys } from "./test-api-keys.ts";

export interface TestIssuerOptions {
  issuer?: string;
  audience?: string;
  /** The `typ` of its tokens. Default: `at+jwt`. */
  typ?: AccessTokenType;
  /** Returns the Unix time in milliseconds. The clock of the machine by default. */
  now?: () => number;
}

/**
 * Stands in for the service in the tests of a Worker: signs tokens and checks them.
 *
 * Keys from the network stay cached after a test. Call `forgetIssuers` before the next one.
 */
export interface TestIssuer {
  /** Replaces a binding to `AuthService`. Its methods share the accounts of `admin`. */
  auth: AuthService;
  /** Replaces a binding to `AdminService`. */
  admin: AdminService;
  /**
   * Adds an account, for example `{ email, password, roles }`. With `second_factor: "123456"`, a
   * login needs that code as its second step. With `passkey: "jane"`, a credential whose `id` is
   * that signs in. With `identity: "google"`, `signInByIdentity` does.
   */
  addUser(fields?: NewTestUser): Account;
  /**
   * Signs a user in by the account at an identity provider, as if the browser had come back from
   * there. Takes the id of the user.
   */
  signInByIdentity(id: string): Promise<Result<Tokens>>;
  /** The links and codes that the service would have sent, newest first. */
  messages: TestMessage[];
  /** Replaces `fetch` if the Worker loads the keys over the network. */
  fetch(input: Request | string | URL): Promise<Response>;
  /**
   * Signs an access token. By default it belongs to a new user, who just gave the password, and
   * expires in 15 minutes. `{ acr: "aal2" }` adds a second factor, and `auth_time` makes it older.
   */
  token(claims?: Partial<AccessClaims>): Promise<string>;
  /**
   * Creates an API key with these claims, by default of a new user. `{ scope: "notes:read" }` says
   * what it may do. A Worker with the binding `auth` accepts it where `scopes` or `apiKeys` are
   * set.
   */
  apiKey(claims?: Partial<AccessClaims>): string;
  /** Ends the session with this `sid`. */
  revoke(sid: string): void;
  /**
   * Signs with a new key from now on; older keys still verify. Verifiers look up at most five
   * unknown keys in ten seconds.
   */
  rotate(): Promise<void>;
  /** Sets whether the service responds. */
  setReachable(isReachable: boolean): void;
}

const TTL_SECONDS = 900;

export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { issuer = "https://auth.test", audience = issuer, typ = "at+jwt", now = Date.now } = options;
  const pairs = [await generatePair()];
  const ended = new Set<string>();
  const keys = createTestApiKeys({ now, ended });
  let isReachable = true;

  function respond() {
    if (!isReachable) throw new Error("Network connection lost.");
    return { issuer, audience, typ, keys: pairs.map(({ jwk }) => jwk) };
  }

  const findKey = ({ kid }: { kid?: string }) => pairs.find(({ jwk }) => jwk.kid === kid)?.publicKey;

  const verify: AuthService["verify"] = async (token, options) => {
    const { audience: required, tier, apiKeys = false } = options ?? {};
    if (isApiKey(token)) {
      const ofKey = apiKeys ? keys.find(token) : undefined;
      return ofKey ? verify(await sign({ aud: required ?? audience, ...ofKey }), options) : err("unauthenticated");
    }
    const claims = await verifyAccessToken({ issuer, audience: required ?? audience, typ, findKey }, token, now());
    if (!claims || (isOfApiKey(claims) && !apiKeys)) return err("unauthenticated");
    return tier === "local" || !ended.has(claims.sid) ? ok(claims) : err("unauthenticated");
  };

  function sign(claims: Partial<AccessClaims> = {}) {
    const [{ jwk, privateKey }] = pairs as [Pair];
    const iat = Math.floor(now() / 1000);
    const [sub, sid, jti] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    // Either of the two says whether the user proved a second factor.
    const { acr, amr = acr === "aal2" ? ["pwd", "otp", "mfa"] : ["pwd"] } = claims;
    const proof = { auth_time: iat, amr, acr: amr.includes("mfa") ? "aal2" : "aal1", client_id: "gatehouse" };
    const defaults = { sub, sid, jti, ...proof, email_verified: true, roles: [] };
    return new SignJWT({ iss: issuer, aud: audience, iat, exp: iat + TTL_SECONDS, ...defaults, ...claims })
      .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ })
      .sign(privateKey);
  }

  async function read(token: string | undefined) {
    const verified = token === undefined ? err("unauthenticated") : await verify(token);
    return verified.ok ? verified.value : undefined;
  }

  const accounts = createTestAccounts({ now, sign, read, ended, ttlSeconds: TTL_SECONDS });
  const auth: AuthService = {
    ...accounts.auth,
    keys: async () => ok(respond()),
    verify,
    authenticate: async (headers, options) =>
      verify(/^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "", options),
  };

  return {
    auth: whileReachable(auth, respond),
    admin: whileReachable({ ...accounts.admin, ...keys.admin }, respond),
    addUser: (fields = {}) => accounts.add(fields),
    signInByIdentity: accounts.signInByIdentity,
    messages: accounts.messages,
    async fetch(input) {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const { keys } = respond();
      return pathname === "/.well-known/jwks.json" ? Response.json({ keys }) : new Response(null, { status: 404 });
    },
    token: sign,
    apiKey: keys.add,
    revoke(sid) {
      ended.add(sid);
    },
    async rotate() {
      pairs.unshift(await generatePair());
    },
    setReachable(value) {
      isReachable = value;
    },
  };
}

/** Makes every method throw while the service is set to be unreachable, as a binding does. */
function whileReachable<Service extends object>(service: Service, respond: () => unknown): Service {
  const guard =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      respond();
      return method(...args);
    };
  return Object.fromEntries(Object.entries(service).map(([name, method]) => [name, guard(method)])) as Service;
}

type Pair = Awaited<ReturnType<typeof generatePair>>;

async function generatePair() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk: JWK & { kid: string } = { ...(await exportJWK(publicKey)), alg: "ES256", kid: crypto.randomUUID() };
  return { jwk, privateKey, publicKey };
}
