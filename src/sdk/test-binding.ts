/**
 * The test issuer behind a real service binding, in a Worker of its own that vitest starts.
 *
 * `testWorker` describes the Worker to miniflare; `test-worker.ts` is its code. `testIssuerBehind`
 * controls it from a test.
 */
import type { AccessClaims } from "../contract/claims.ts";
import type { Tokens } from "../contract/tokens.ts";
import type { Account } from "../contract/user.ts";
import type { Result } from "../result.ts";
import type { NewTestUser, TestMessage } from "./test-accounts.ts";

/**
 * The controls of a test issuer in another Worker. Accounts and ended sessions last until vitest
 * ends.
 */
export interface BoundTestIssuer {
  /** Signs an access token. By default it belongs to a new user and expires in 15 minutes. */
  token(claims?: Partial<AccessClaims>): Promise<string>;
  /** Creates an API key with these claims, by default of a new user. */
  apiKey(claims?: Partial<AccessClaims>): Promise<string>;
  /** Ends the session with this `sid`. */
  revoke(sid: string): Promise<void>;
  /** Signs with a new key from now on; older keys still verify. */
  rotate(): Promise<void>;
  /** Sets whether the service responds. */
  setReachable(isReachable: boolean): Promise<void>;
  /** Adds an account, for example `{ email, password, roles }`. */
  addUser(fields?: NewTestUser): Promise<Account>;
  /** Signs a user in, by id, whose account at an identity provider is linked. */
  signInByIdentity(id: string): Promise<Result<Tokens>>;
  /** Returns the links and codes that the service would have sent, newest first. */
  messages(): Promise<TestMessage[]>;
}

/** Returns the controls of the test issuer that the binding `AUTH` of a Worker leads to. */
export const testIssuerBehind = (binding: object): BoundTestIssuer =>
  (binding as { testIssuer: BoundTestIssuer }).testIssuer;

/**
 * Describes the Worker that replaces the service, for `miniflare.workers` in the settings of
 * vitest. `name` is the `service` of the bindings.
 */
export const testWorker = (name = "gatehouse") => ({
  name,
  modules: true,
  scriptPath: pathOf("test-worker.js"),
  // The package may be installed above the project.
  modulesRoot: pathOf(""),
  compatibilityDate: "2026-11-02",
});

const pathOf = (file: string) => decodeURIComponent(new URL(`./${file}`, import.meta.url).pathname);
