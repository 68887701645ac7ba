import * as z from "zod";
import { requireCaptcha } from "../../captcha.ts";
import { issueTokens } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import type { ErrorCode } from "../../errors.ts";
import { lockoutError, lockoutKey } from "../../lockout.ts";
import { logError } from "../../log.ts";
import { type Err, err, ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { text } from "../../schemas/text.ts";
import { type IssuedTokens, Transport } from "../../schemas/tokens.ts";
import { addLoginFailure } from "../../storage/audit-events.ts";
import { storageFailure } from "../../storage/db.ts";
import { denySessions } from "../../storage/denylist.ts";
import type { Target } from "../../storage/lockouts.ts";
import { startSession } from "../../storage/sessions.ts";
import { type Credentials, findCredentials, rehashPassword } from "../../storage/users.ts";

export const Login = z
  .strictObject({
    ...identifierFields,
    password: CurrentPassword,
    turnstile_token: CaptchaToken,
    transport: Transport.optional(),
  })
  .check(oneIdentifier);

/** The OAuth 2.0 password form (RFC 6749 §4.3.2), which tools speak; `username` is any identifier. There are no clients
 *  or scopes here, so those fields are read past. */
export const LoginForm = z
  .strictObject({
    grant_type: z.literal("password").optional(),
    username: text({ max: 254 }),
    password: CurrentPassword,
    scope: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
    turnstile_token: CaptchaToken,
    transport: Transport.optional(),
  })
  .transform(({ username, password, turnstile_token, transport }) => ({
    username,
    password,
    turnstile_token,
    transport,
  }));

/** After so many failures in a row. */
const FAILURES_BEFORE_CAPTCHA = 3;

/** Starts a session. `invalid_credentials` says neither which of the two is wrong nor whether the account exists, and
 *  takes as long for both; `account_disabled` and `verification_required` are for those who know the password;
 *  `captcha_required` and `too_many_attempts` come after failures in a row, `overloaded` when too many passwords wait. */
export async function login(deps: Deps, input: z.infer<typeof Login>): Promise<Result<IssuedTokens>> {
  const target = lockoutKey(deps, parseIdentifier(input, deps.config.DEFAULT_COUNTRY));
  const { lockout, user } = await findCredentials(deps.db, target);
  const blocked = lockoutError(deps, lockout, deps.now(), user?.id);
  if (blocked) return blocked;
  const isSuspect = lockout !== undefined && lockout.failures >= FAILURES_BEFORE_CAPTCHA;
  const robot = isSuspect ? await requireCaptcha(deps, input.turnstile_token) : undefined;
  if (robot) return robot;

  const matches = await deps.passwords.verify(input.password, user?.passwordHash);
  if (!matches.ok) return matches;

  const refusal = user && matches.value ? refusalOf(deps, user) : "invalid_credentials";
  if (!user || refusal) return refuse(deps, target, user, refusal ?? "invalid_credentials");

  const session = newSession(deps, user.id);
  const audit = deps.audit();
  const started = await startSession(deps.db, { session, passwordVersion: user.passwordVersion }, audit);
  if (!started.evicted) {
    return lockoutError(deps, started.lockout, audit.at, user.id) ?? refuse(deps, target, user, "invalid_credentials");
  }

  deps.logSecurityEvent("logged_in", user.id);
  deps.waitUntil(rehashOutdated(deps, user, input.password));
  deps.waitUntil(denySessions(deps.denylist, started.evicted, deps.now()));
  return ok(await issueTokens(deps.tokens, user, session, deps.now()));
}

/** Refuses a login, in the same way whether it was right or wrong once too many were wrong. */
async function refuse(deps: Deps, target: Target, user: Credentials | undefined, code: ErrorCode): Promise<Err> {
  const audit = deps.audit();
  const failure = { target, userId: user?.id ?? null, isGuess: code === "invalid_credentials" };
  const lockout = await addLoginFailure(deps.db, failure, audit);
  const blocked = lockoutError(deps, lockout, audit.at, failure.userId);
  if (blocked) return blocked;

  deps.logSecurityEvent("login_failed", failure.userId);
  return err(code);
}

/** Why somebody who knows the password is still not let in. */
function refusalOf({ config }: Deps, user: Credentials): ErrorCode | undefined {
  if (user.disabledAt !== null) return "account_disabled";
  const isVerified = user.emailVerifiedAt !== null || user.phoneVerifiedAt !== null;
  return config.REQUIRE_VERIFICATION && !isVerified ? "verification_required" : undefined;
}

/** Stores the password hashed with new parameters, where the stored hash has old ones. After the answer, whose time would
 *  tell a right guess; where that fails there is the next login. */
async function rehashOutdated({ db, passwords }: Deps, user: Credentials, password: string): Promise<void> {
  if (!passwords.isOutdated(user.passwordHash)) return;
  try {
    const rehash = await passwords.hash(password);
    if (rehash.ok) await rehashPassword(db, user, rehash.value);
  } catch (error) {
    logError("rehash_failed", storageFailure(error as Error) ?? (error as Error));
  }
}

function newSession({ config, now }: Deps, userId: string) {
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
  };
}
