/**
 * Signing in: decides what follows a proof.
 *
 * Every method proves who the user is (`prove-password.ts` and its siblings) and passes the proof
 * and the state of the account to `completeSignIn`. Nothing else opens a session. A step never
 * calls another step: what comes next is decided here, each time.
 */

import type { SecondFactor } from "../contract/factors.ts";
import type { Tokens } from "../contract/tokens.ts";
import { type LoginStep, signLoginToken } from "../crypto/login-token.ts";
import { isMultiFactor } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import { addressKindOf } from "../storage/addresses.ts";
import type { Change } from "../storage/credential-change.ts";
import type { FactorUse } from "../storage/factors.ts";
import { recordLoginFailure } from "../storage/failed-attempts.ts";
import { type IdentityUse, useIdentity } from "../storage/identities.ts";
import type { LockoutKey, OutsideGuess } from "../storage/lockout-subjects.ts";
import { findLockout } from "../storage/lockouts.ts";
import { type LoginCode, useLoginCode } from "../storage/login-codes.ts";
import { insertSession } from "../storage/session-opening.ts";
import type { RevokedSession } from "../storage/session-revocation.ts";
import type { SignInAccount } from "../storage/sign-in-accounts.ts";
import { afterCommit, logEvent, newNotice } from "./after-commit.ts";
import { afterFailure, lockoutError } from "./lockout.ts";
import { requiresFactor } from "./new-factors.ts";
import { issueSessionTokens } from "./session-tokens.ts";

/** A proof of identity. */
export interface SignIn {
  userId: string;
  /** The version of the account's credentials that were proven. */
  credentialVersion: number;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** Unix time in milliseconds. */
  authenticatedAt: number;
  /** The correct guess. */
  guess: OutsideGuess & Pick<LockoutKey, "atSecondFactor">;
  /** The second factor that was proven. It is used up when the session opens. */
  use?: FactorUse | undefined;
  /**
   * The mailed code or link that was proven. It is used up, and verifies its address, when the
   * session opens or before the second step.
   */
  code?: LoginCode | undefined;
  /** The identity that was proven. It is used up, and its account created if there is none. */
  identity?: IdentityUse | undefined;
  /** The second factor that the account adds. Both are done or neither. */
  change?: Change | undefined;
  /** True if the user asked to trust this device. The service may not allow it. */
  trustDevice?: boolean | undefined;
  /** The id of the session that this one replaces in the browser. */
  previousSessionId?: string | undefined;
}

export type NextStep =
  | { step: "refuse"; code: "account_disabled" }
  | { step: "second-factor"; factors: SecondFactor[] }
  | { step: "verify-address" }
  | { step: "enroll"; factors: SecondFactor[] }
  | { step: "open-session" };

/** Decides what a proven user has to do next. */
export function nextStep({ config }: Pick<Deps, "config">, signIn: SignIn, account: SignInAccount): NextStep {
  if (account.disabledAt !== null) return { step: "refuse", code: "account_disabled" };
  const { factors } = account;
  const needsFactor = !isMultiFactor(signIn.amr);
  const isTrusted = config.TRUSTED_DEVICE_DAYS > 0 && account.isTrusted;
  if (needsFactor && factors.length > 0 && !isTrusted) return { step: "second-factor", factors };
  const isVerified = account.emailVerifiedAt !== null || account.phoneVerifiedAt !== null;
  if (config.REQUIRE_VERIFICATION && !isVerified) return { step: "verify-address" };
  // Last: a user without a proven address must not add a factor.
  const mustEnroll = needsFactor && factors.length === 0 && requiresFactor({ config }, account.roles);
  if (mustEnroll) return { step: "enroll", factors: ["totp", "passkey"] };
  return { step: "open-session" };
}

/**
 * Takes the next step of a sign-in.
 *
 * Errors: `account_disabled`, `verification_required`; `second_factor_required` and
 * `enrollment_required` with the login token for that step; `invalid_credentials` if a credential
 * changed since the proof; `invalid_code` if another request used the second factor, the code or
 * the state of the identity; `invalid_login_token` if one added a factor; `too_many_attempts`.
 */
export async function completeSignIn(deps: Deps, signIn: SignIn, account: SignInAccount): Promise<Result<Tokens>> {
  const { userId } = signIn;
  const next = nextStep(deps, signIn, account);
  switch (next.step) {
    case "refuse":
      return refuseSignIn(deps, signIn, userId, next.code);
    case "second-factor":
    case "enroll": {
      if (signIn.code) return waitAfterCode(deps, next, signIn, signIn.code);
      // Not a failed login: the proof was right. Concurrent guesses may have locked it out by now.
      const { lockout, isUsed } = await useFirstFactor(deps, signIn);
      const locked = lockoutError(deps, lockout, deps.now(), userId);
      return locked ?? (isUsed ? waitFor(deps, next, signIn) : err("invalid_code"));
    }
    case "verify-address":
      return refuseSignIn(deps, signIn, userId, "verification_required");
    case "open-session": {
      const tokens = await openSession(deps, signIn, account);
      const mayRepeat = signIn.code || signIn.identity;
      if (tokens.ok || (tokens.code !== "invalid_credentials" && !mayRepeat)) return tokens;
      // The trust may have ended meanwhile: then the second factor is the next step.
      if (account.isTrusted) return completeSignIn(deps, signIn, { ...account, isTrusted: false });
      // The attempt at a code was recorded already.
      return tokens.code === "invalid_credentials" ? refuseSignIn(deps, signIn, userId, tokens.code) : tokens;
    }
  }
}

/**
 * Uses a code up before the step that follows it: it works once, whatever comes of that step.
 * Errors: those of the step; `invalid_code` if another request used it.
 */
async function waitAfterCode(deps: Deps, next: Parameters<typeof waitFor>[1], signIn: SignIn, code: LoginCode) {
  const ended = await useLoginCode(deps.db, code, signIn, deps.audit());
  if (!ended) return err("invalid_code");
  afterProof(deps, code, ended);
  return waitFor(deps, next, { ...signIn, credentialVersion: signIn.credentialVersion + (code.takesClean ? 1 : 0) });
}

/** Finishes the proof of an address by a code, after its batch. */
function afterProof(
  deps: Deps,
  { userId, address, takesClean, removal, newUser }: LoginCode,
  ended: RevokedSession[] = [],
) {
  if (newUser) afterCommit(deps, { event: "registered", userId });
  if (takesClean || newUser) afterCommit(deps, { event: `${addressKindOf(address)}_verified`, userId, ended });
  if (removal) afterCommit(deps, { ...removal, userId });
}
/** Finds the lockout, and uses up what must not be used again although no session opens yet. */
const useFirstFactor = async ({ db, audit }: Deps, { identity, guess }: SignIn) =>
  identity ? useIdentity(db, identity, guess, audit()) : { lockout: await findLockout(db, guess), isUsed: true };

function waitFor({ tokens, now }: Deps, { step, factors }: NextStep & { step: LoginStep }, signIn: SignIn): Err {
  const secondFactor = { login_token: signLoginToken(tokens.loginKeys, step, signIn, now()), factors };
  return { ...err(step === "enroll" ? "enrollment_required" : "second_factor_required"), secondFactor };
}

/**
 * Opens a session for a proven user. Its batch checks again what the proof relied on.
 *
 * Errors: `too_many_attempts`; `invalid_credentials` if a credential changed or the account was
 * disabled since the proof; `invalid_code` if another request used the code.
 */
async function openSession(deps: Deps, signIn: SignIn, account: SignInAccount): Promise<Result<Tokens>> {
  const { userId, credentialVersion, guess, previousSessionId, use, identity, change, code } = signIn;
  const session = newSession(deps, signIn);
  const audit = deps.audit();
  const device = guess.device?.userId === userId ? guess.device : undefined;
  const deviceId = device?.deviceId ?? crypto.randomUUID();
  const days = deps.config.TRUSTED_DEVICE_DAYS;
  const trust = signIn.trustDevice && days > 0 ? { deviceId, expiresAt: audit.at + days * 86_400_000 } : undefined;
  const trusted = account.factors.length > 0 && !isMultiFactor(signIn.amr) ? device : undefined;
  const { lockout, evicted } = await insertSession(
    deps.db,
    { session, credentialVersion, guess, previousSessionId, use, identity, change, code, trust, trusted },
    audit,
  );
  if (!evicted) {
    if (code) return err("invalid_code");
    const stale = change ? "invalid_login_token" : use || identity ? "invalid_code" : "invalid_credentials";
    return lockoutError(deps, lockout, audit.at, userId) ?? err(stale);
  }

  afterCommit(deps, { event: "logged_in", userId, method: methodOf(signIn), ended: evicted });
  if (use?.factor === "recovery_code") afterCommit(deps, { event: "recovery_code_used", userId, notice: use.notice });
  if (change) afterCommit(deps, { ...change, userId });
  if (code) afterProof(deps, code);
  const { emailVerifiedAt, roles } = account;
  const user = {
    id: userId,
    emailVerifiedAt,
    roles,
    credentialVersion: credentialVersion + (change || code?.takesClean ? 1 : 0),
  };
  return ok(await issueSessionTokens(deps, { user, session }, { userId, deviceId, credentialVersion }));
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

/**
 * Records a refused sign-in and returns its error, or `too_many_attempts` if the account is locked
 * by now, so that a correct guess gets the same answer as a wrong one.
 */
export async function refuseSignIn(
  deps: Deps,
  { guess, amr }: Pick<SignIn, "guess" | "amr">,
  userId: string | null,
  code: "invalid_credentials" | "invalid_code" | "account_disabled" | "verification_required",
): Promise<Err> {
  const audit = deps.audit();
  const isCode = code === "invalid_code";
  const event = isCode ? "second_factor_failed" : "login_failed";
  const isGuess = isCode || code === "invalid_credentials";
  const alarm = isCode && userId !== null ? newNotice(deps, "second-factor-locked", userId) : undefined;
  const failure = { key: guess, userId, event, isGuess, alarm } as const;
  const recorded = await recordLoginFailure(deps.db, failure, audit);
  const locked = afterFailure(deps, recorded, audit.at, userId);
  if (locked) return locked;

  logEvent(deps, event, userId, methodOf({ amr }));
  return err(code);
}

/** Names the method of a sign-in for the log: what its first factor is, by default a passkey. */
function methodOf({ amr: [first = ""] }: Pick<SignIn, "amr">): string {
  const methods: Record<string, string> = { pwd: "password", otp: "code", sms: "code", fed: "identity" };
  return methods[first] ?? "passkey";
}
