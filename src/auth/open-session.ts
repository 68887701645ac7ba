import type { Tokens } from "../contract/tokens.ts";
import { issueTokens } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { err, ok, type Result } from "../result.ts";
import { insertSession } from "../storage/sessions.ts";
import type { SignInAccount } from "../storage/sign-in-accounts.ts";
import { afterCommit } from "./after-commit.ts";
import { lockoutError } from "./lockout.ts";

/** A proof of identity. */
export interface SignIn {
  userId: string;
  /** The version of the account's credentials that were proven. */
  credentialVersion: number;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** Unix time in milliseconds. */
  authenticatedAt: number;
}

/**
 * Opens a session for a proven user: the only act that does. Its batch checks again what the proof
 * relied on.
 *
 * Errors: `too_many_attempts`; `invalid_credentials` if a credential changed or the account was
 * disabled since the proof.
 */
export async function openSession(deps: Deps, signIn: SignIn, account: SignInAccount): Promise<Result<Tokens>> {
  const { userId, credentialVersion } = signIn;
  const session = newSession(deps, signIn);
  const audit = deps.audit();
  const { lockout, evicted } = await insertSession(deps.db, { session, credentialVersion }, audit);
  if (!evicted) return lockoutError(deps, lockout, audit.at, userId) ?? err("invalid_credentials");

  afterCommit(deps, { event: "logged_in", userId, ended: evicted });
  const { emailVerifiedAt, roles } = account;
  return ok(await issueTokens(deps.tokens, { id: userId, emailVerifiedAt, roles }, session, deps.now()));
}

function newSession({ config, now }: Deps, { userId, amr, authenticatedAt }: SignIn) {
  const createdAt = now();
  const lifetimeSeconds = Math.min(config.REFRESH_TOKEN_TTL_SECONDS, config.SESSION_MAX_AGE_SECONDS);
  return {
    id: crypto.randomUUID(),
    userId,
    generation: 0,
    createdAt,
    rotatedAt: null,
    lastUsedAt: createdAt,
    expiresAt: createdAt + lifetimeSeconds * 1000,
    revokedAt: null,
    amr,
    authenticatedAt,
    clientId: null,
    scope: null,
    resource: null,
  };
}
