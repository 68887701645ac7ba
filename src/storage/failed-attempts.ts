import { and, eq } from "drizzle-orm";
import { auditEvents, sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import type { LockoutKey } from "./lockout-subjects.ts";
import { countFailureStatements, isFactorAlarm, isNotLocked, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";

interface LoginFailure {
  key: LockoutKey;
  /** Null without such an account. */
  userId: string | null;
  event: "login_failed" | "second_factor_failed";
  /** True if the password or the code was wrong. */
  isGuess: boolean;
  /** The notice of a wrong code that locks the second factor. */
  alarm?: NewNotice | undefined;
}

/**
 * Records a failed login and counts a wrong password or code. Returns the lockout as it was, and
 * whether the second factor is locked now.
 *
 * A locked account gets no event: of many concurrent guesses the list of events would otherwise
 * show the right one, which leaves none.
 */
export async function recordLoginFailure(
  db: Db,
  { key, userId, event, isGuess, alarm }: LoginFailure,
  audit: AuditContext,
): Promise<Failure> {
  const { lockout, alarmed } = await batch(db, {
    lockout: lockoutStatement(db, key),
    ...alarmStatements(db, key, alarm, audit),
    event: insertUserEventStatement(db, event, { userId, audit, where: isNotLocked(db, key, audit.at) }),
    ...(isGuess && countFailureStatements(db, key, audit.at)),
  });
  return { lockout: lockout[0], isAlarmed: Boolean((alarmed as unknown[] | undefined)?.length) };
}

interface Failure {
  lockout: Lockout | undefined;
  isAlarmed: boolean;
}

/** Records that wrong codes lock the second factor with this one, and writes the notice of it. */
function alarmStatements(db: Db, key: LockoutKey, alarm: NewNotice | undefined, audit: AuditContext) {
  if (!alarm) return {};
  const { userId } = alarm;
  const where = isFactorAlarm(db, key, audit.at);
  const event = insertUserEventStatement(db, "second_factor_locked", { userId, audit, where });
  return {
    alarm: insertNoticeStatement(db, alarm, { at: audit.at, where }),
    alarmed: event.returning({ id: auditEvents.id }),
  };
}

/**
 * Records and counts a wrong password or code given inside a session. Returns what
 * `recordLoginFailure` does.
 */
export async function recordReauthenticationFailure(
  db: Db,
  session: SessionRef & Pick<LockoutKey, "atSecondFactor">,
  alarm: NewNotice | undefined,
  audit: AuditContext,
): Promise<Failure> {
  const { lockout, alarmed } = await batch(db, {
    lockout: lockoutStatement(db, session),
    ...alarmStatements(db, session, alarm, audit),
    event: insertSessionEventsStatement(db, "reauthentication_failed", {
      audit,
      where: and(eq(sessions.id, session.sessionId), isNotLocked(db, session, audit.at)),
    }),
    ...countFailureStatements(db, session, audit.at),
  });
  return { lockout: lockout[0], isAlarmed: Boolean((alarmed as unknown[] | undefined)?.length) };
}
