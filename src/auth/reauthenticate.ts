/**
 * Re-authentication: proves the user of a session again, before acts that a stolen access token must
 * not do. A proof is a credential in the request; without one the session itself must have been
 * authenticated recently.
 */
import type { SessionRef } from "../contract/session-ref.ts";
import type { Deps } from "../deps.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import { recordReauthenticationFailure } from "../storage/failed-attempts.ts";
import type { Lockout } from "../storage/lockouts.ts";
import { findSessionCredentials, type SessionCredentials } from "../storage/passwords.ts";
import type { Reauthenticated } from "../storage/session-conditions.ts";
import { logEvent } from "./after-commit.ts";
import { lockoutError } from "./lockout.ts";

/** What proves the user again. Without a password the session must have been authenticated recently. */
export interface Proof {
  password?: string | undefined;
}

interface Reauthentication {
  /** For the act's batch, which has to check it again first: concurrent requests may all get here. */
  owner: Reauthenticated;
  user: SessionCredentials;
}

/**
 * Proves the user of a session again.
 *
 * Errors: `unauthenticated` if the session has ended; `reauthentication_required` without a proof;
 * `invalid_credentials`; `too_many_attempts`; `overloaded`.
 */
export async function reauthenticate(deps: Deps, session: SessionRef, proof: Proof): Promise<Result<Reauthentication>> {
  const actor = await findActor(deps, session, proof);
  return actor.ok ? verifyProof(deps, session, actor.value, proof) : actor;
}

/** Finds the user who has to prove a credential. Errors: `unauthenticated`, `too_many_attempts`. */
export async function findActor(
  deps: Deps,
  session: SessionRef,
  { password }: Proof,
): Promise<Result<SessionCredentials>> {
  const now = deps.now();
  const { lockout, user } = await findSessionCredentials(deps.db, session, now);
  if (!user) return err("unauthenticated");
  // Only a guess can be locked out: strangers must not keep the owner of a fresh session from acting.
  const locked = password === undefined ? undefined : lockoutError(deps, lockout, now, user.id);
  return locked ?? ok(user);
}

/** Verifies the proof of this user, and counts a wrong one. */
export async function verifyProof(
  deps: Deps,
  session: SessionRef,
  user: SessionCredentials,
  { password }: Proof,
): Promise<Result<Reauthentication>> {
  const { credentialVersion } = user;
  if (password === undefined) {
    const isRecent = deps.now() - user.authenticatedAt <= deps.config.REAUTHENTICATION_SECONDS * 1000;
    if (!isRecent) return err("reauthentication_required");
    return ok({ owner: { session, credentialVersion, isGuess: false }, user });
  }

  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value) return ok({ owner: { session, credentialVersion, isGuess: true }, user });

  const audit = deps.audit();
  const locked = lockoutError(deps, await recordReauthenticationFailure(deps.db, session, audit), audit.at, user.id);
  if (locked) return locked;

  logEvent(deps, "reauthentication_failed", user.id);
  return err("invalid_credentials");
}

/** Returns why an act was not done whose proof no longer holds. */
export function staleProof(deps: Deps, owner: Reauthenticated, lockout: Lockout | undefined, now: number): Err {
  if (!owner.isGuess) return err("unauthenticated");
  return lockoutError(deps, lockout, now, owner.session.userId) ?? err("invalid_credentials");
}
