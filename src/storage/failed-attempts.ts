import { and, eq } from "drizzle-orm";
import { sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import { countFailureStatements, isNotLocked, type Lockout, type LockoutKey, lockoutStatement } from "./lockouts.ts";

interface LoginFailure {
  key: LockoutKey;
  /** Null without such an account. */
  userId: string | null;
  event: "login_failed" | "second_factor_failed";
  /** True if the password or the code was wrong. */
  isGuess: boolean;
}

/**
 * Records a failed login and counts a wrong password or code. Returns the lockout as it was.
 *
 * A locked account gets no event: of many concurrent guesses the list of events would otherwise
 * show the right one, which leaves none.
 */
export async function recordLoginFailure(
  db: Db,
  { key, userId, event, isGuess }: LoginFailure,
  audit: AuditContext,
): Promise<Lockout | undefined> {
  const { lockout } = await batch(db, {
    lockout: lockoutStatement(db, key),
    event: insertUserEventStatement(db, event, { userId, audit, where: isNotLocked(db, key, audit.at) }),
    ...(isGuess && countFailureStatements(db, key, audit.at)),
  });
  return lockout[0];
}

/**
 * Records and counts a wrong password or code given inside a session. Returns the lockout as it
 * was.
 */
export async function recordReauthenticationFailure(
  db: Db,
  session: SessionRef & Pick<LockoutKey, "atSecondFactor">,
  audit: AuditContext,
): Promise<Lockout | undefined> {
  const { lockout } = await batch(db, {
    lockout: lockoutStatement(db, session),
    event: insertSessionEventsStatement(db, "reauthentication_failed", {
      audit,
      where: and(eq(sessions.id, session.sessionId), isNotLocked(db, session, audit.at)),
    }),
    ...countFailureStatements(db, session, audit.at),
  });
  return lockout[0];
}
