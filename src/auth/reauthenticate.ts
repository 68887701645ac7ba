/**
 * Re-authentication: proves the user of a session again, before acts that a stolen access token
 * must not allow. A proof is a credential in the request; without one the session itself must have
 * been authenticated recently. `reauthenticateWithAllFactors` is for changes of the factors.
 */
import type { SessionRef } from "../contract/session-ref.ts";
import { isMultiFactor, MIN_PROOF_SECONDS } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import { secondFactorsOf } from "../storage/factors.ts";
import { recordReauthenticationFailure } from "../storage/failed-attempts.ts";
import type { LockoutKey } from "../storage/lockout-subjects.ts";
import type { Lockout } from "../storage/lockouts.ts";
import { findSessionCredentials, type SessionCredentials } from "../storage/passwords.ts";
import type { Reauthenticated } from "../storage/session-conditions.ts";
import { logEvent, newNotice } from "./after-commit.ts";
import { amrOfCode, checkCodeOf } from "./codes.ts";
import { type FactorProof, factorKeys, isGuessable, type ProvenFactor, verifyFactor } from "./factors.ts";
import { afterFailure, lockoutError } from "./lockout.ts";

/** The credentials of a request that prove its user again. */
export interface Credentials {
  password?: string | undefined;
}

interface Reauthentication {
  /**
   * For the act's batch, which has to check it again first: concurrent requests may all get here.
   */
  owner: Reauthenticated;
  user: SessionCredentials;
}

/**
 * Proves the user of a session again.
 *
 * Errors: those of `findActor` and `verifyCredentials`.
 */
export async function reauthenticate(
  deps: Deps,
  session: SessionRef,
  credentials: Credentials,
): Promise<Result<Reauthentication>> {
  const actor = await findActor(deps, session, credentials);
  return actor.ok ? verifyCredentials(deps, session, actor.value, credentials) : actor;
}

/**
 * Proves the user of a session again, for a change of what the account signs in with. If the
 * account has a second factor, the session must have been authenticated with two factors recently:
 * a stolen password must not remove the second factor.
 *
 * Errors: those of `reauthenticate`; `reauthentication_required` names the level `aal2`.
 */
export async function reauthenticateWithAllFactors(
  deps: Deps,
  session: SessionRef,
  credentials: Credentials,
): Promise<Result<Reauthentication>> {
  const actor = await findActor(deps, session, credentials, { changesFactors: true });
  if (!actor.ok) return actor;
  return missingFactor(deps, actor.value) ?? verifyCredentials(deps, session, actor.value, credentials);
}

/**
 * Finds the user of a session who is about to change the factors, for a form that asks for the
 * password: what comes before it is asked before the user types.
 *
 * Errors: `unauthenticated`; `reauthentication_required` if a second factor has to be proven first.
 */
export async function findFactorOwner(deps: Deps, session: SessionRef): Promise<Result<SessionCredentials>> {
  const { user } = await findSessionCredentials(deps.db, session, deps.now());
  return user ? (missingFactor(deps, user) ?? ok(user)) : err("unauthenticated");
}

/** Returns the error of a session whose second factor was not proven recently. */
function missingFactor(deps: Deps, user: SessionCredentials): Err | undefined {
  const isProven = isMultiFactor(user.amr) && isRecent(deps, user, MIN_PROOF_SECONDS);
  if (isProven || secondFactorsOf(user).length === 0) return undefined;
  return NEEDS_ALL_FACTORS;
}

const NEEDS_ALL_FACTORS: Err = {
  ...err("reauthentication_required"),
  acr: "aal2",
  detail: "This account has a second factor. Prove it with `POST /users/me/reauthenticate`, then repeat the request.",
};

/**
 * Finds the user who has to prove a credential.
 *
 * Errors: `unauthenticated` if the session has ended; `reauthentication_required` if there is no
 * credential and the session was not authenticated recently; `too_many_attempts`.
 */
export async function findActor(
  deps: Deps,
  session: SessionRef,
  { password }: Credentials,
  { changesFactors = false }: { changesFactors?: boolean } = {},
): Promise<Result<SessionCredentials>> {
  const now = deps.now();
  const { lockout, user } = await findSessionCredentials(deps.db, session, now);
  if (!user) return err("unauthenticated");
  // Only a guess can be locked out: strangers must not keep the owner of a fresh session from
  // acting.
  if (password !== undefined) return lockoutError(deps, lockout, now, user.id) ?? ok(user);
  const needsFactor = changesFactors && secondFactorsOf(user).length > 0;
  // The request has no place for a proof of a second factor, nor for one without a password.
  const minSeconds = needsFactor || user.passwordHash === null ? MIN_PROOF_SECONDS : 0;
  if (isRecent(deps, user, minSeconds)) return ok(user);
  return needsFactor ? NEEDS_ALL_FACTORS : err("reauthentication_required");
}

/** Tests whether the session was authenticated within `REAUTHENTICATION_SECONDS`. */
export function isRecent({ config, now }: Deps, { authenticatedAt }: SessionCredentials, minSeconds: number): boolean {
  const maxAgeMilliseconds = Math.max(config.REAUTHENTICATION_SECONDS, minSeconds) * 1000;
  return maxAgeMilliseconds > 0 && now() - authenticatedAt <= maxAgeMilliseconds;
}

/**
 * Verifies the credentials of this user, whom `findActor` found, and counts a wrong password.
 *
 * Errors: `invalid_credentials`, `too_many_attempts`, `overloaded`.
 */
export async function verifyCredentials(
  deps: Deps,
  session: SessionRef,
  user: SessionCredentials,
  { password }: Credentials,
): Promise<Result<Reauthentication>> {
  const { credentialVersion } = user;
  if (password === undefined) return ok({ owner: { session, credentialVersion, byGuess: false }, user });

  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value !== "no") return ok({ owner: { session, credentialVersion, byGuess: true }, user });
  return refuseProof(deps, session, "invalid_credentials");
}

/**
 * Proves the user of a session by a second factor. Its methods join those of the session.
 *
 * Errors: `unauthenticated`, `invalid_code`, `too_many_attempts`.
 */
export async function reauthenticateByFactor(
  deps: Deps,
  session: SessionRef,
  proof: FactorProof,
): Promise<Result<Reauthentication & ProvenFactor>> {
  const now = deps.now();
  const keys = factorKeys(deps, session.userId, proof);
  const atSecondFactor = isGuessable(proof);
  const {
    lockout,
    user,
    proof: found,
  } = await findSessionCredentials(deps.db, { ...session, atSecondFactor }, now, keys);
  if (!user) return err("unauthenticated");
  const locked = lockoutError(deps, lockout, now, user.id);
  if (locked) return locked;

  const proven = await verifyFactor(deps, user.id, proof, found, {
    purpose: "reauthenticate",
    subject: session.sessionId,
    // A touch alone must not renew a session that two factors opened.
    verifiesUser: true,
  });
  if (!proven) return refuseProof(deps, { ...session, atSecondFactor }, "invalid_code");
  const owner = { session, credentialVersion: user.credentialVersion, byGuess: true, atSecondFactor };
  return ok({ owner, user, use: proven.use, amr: [...new Set([...user.amr, ...proven.amr])] });
}

/**
 * Proves the user of a session by a code that was sent to a proven address. It is one factor.
 *
 * Errors: those of `checkCode`.
 */
export async function reauthenticateByCode(deps: Deps, session: SessionRef, typed: string) {
  const checked = await checkCodeOf(deps, ["reauthentication-code"], session, typed);
  if (!checked.ok) return checked;
  const { user, secret } = checked.value;
  // No guess anymore: the attempt was counted before the comparison.
  const owner: Reauthenticated = { session, credentialVersion: user.credentialVersion, byGuess: false };
  return ok({ owner, user, code: secret, amr: [amrOfCode(secret.address)] });
}

/** Counts a wrong proof. */
async function refuseProof(
  deps: Deps,
  session: SessionRef & Pick<LockoutKey, "atSecondFactor">,
  code: "invalid_credentials" | "invalid_code",
) {
  const audit = deps.audit();
  const alarm = session.atSecondFactor ? newNotice(deps, "second-factor-locked", session.userId) : undefined;
  const recorded = await recordReauthenticationFailure(deps.db, session, { alarm }, audit);
  const locked = afterFailure(deps, recorded, audit.at, session.userId);
  if (locked) return locked;

  logEvent(deps, "reauthentication_failed", session.userId);
  return err(code);
}

/** Returns the error of an act that was not done because its proof no longer holds. */
export function staleProof(deps: Deps, owner: Reauthenticated, lockout: Lockout | undefined, now: number): Err {
  if (!owner.byGuess) return err("reauthentication_required");
  return lockoutError(deps, lockout, now, owner.session.userId) ?? err("invalid_credentials");
}
