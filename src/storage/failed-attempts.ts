import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { auditEvents, sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import type { LockoutKey } from "./lockout-subjects.ts";
import { countFailureStatements, isFactorAlarm, isNotLocked, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";

interface Failure {
  /** The notice of a wrong code that locks the second factor. */
  alarm?: NewNotice | undefined;
}

interface LoginFailure extends Failure {
  key: LockoutKey;
  /** Null without such an account. */
  userId: string | null;
  event: "login_failed" | "second_factor_failed";
  /** True if the password or the code was wrong. */
  isGuess: boolean;
}

/** A failed attempt that was recorded. */
export interface Recorded {
  /** The lockout as it was before. */
  lockout: Lockout | undefined;
  /** The notice, if this attempt locked the second factor and it was written. */
  alarm: NewNotice | undefined;
}

/**
 * Records a failed login and counts a wrong password or code.
 *
 * A locked account gets no event: of many concurrent guesses the list of events would otherwise
 * show the right one, which leaves none.
 */
export const recordLoginFailure = (
  db: Db,
  { key, userId, event, isGuess, alarm }: LoginFailure,
  audit: AuditContext,
): Promise<Recorded> =>
  record(
    db,
    key,
    {
      alarm,
      event: insertUserEventStatement(db, event, { userId, audit, where: isNotLocked(db, key, audit.at) }),
      ...(isGuess && countFailureStatements(db, key, audit.at)),
    },
    audit,
  );

/** Records and counts a wrong password or code given inside a session. */
export const recordReauthenticationFailure = (
  db: Db,
  session: SessionRef & Pick<LockoutKey, "atSecondFactor">,
  { alarm }: Failure,
  audit: AuditContext,
): Promise<Recorded> =>
  record(
    db,
    session,
    {
      alarm,
      event: insertSessionEventsStatement(db, "reauthentication_failed", {
        audit,
        where: and(eq(sessions.id, session.sessionId), isNotLocked(db, session, audit.at)),
      }),
      ...countFailureStatements(db, session, audit.at),
    },
    audit,
  );

/** Runs the statements of a failed attempt. Above them, it writes the notice if it is due. */
async function record(
  db: Db,
  key: LockoutKey,
  { alarm, ...statements }: Failure & Record<"event", BatchItem<"sqlite">>,
  audit: AuditContext,
): Promise<Recorded> {
  const results = await batch(db, {
    lockout: lockoutStatement(db, key),
    ...(alarm && alarmStatements(db, key, alarm, audit)),
    ...statements,
  });
  const { alarmed } = results as { alarmed?: unknown[] };
  return { lockout: results.lockout[0], alarm: alarmed?.length === 1 ? alarm : undefined };
}

/** Records that wrong codes lock the second factor with this one, and writes the notice of it. */
function alarmStatements(db: Db, key: LockoutKey, alarm: NewNotice, audit: AuditContext) {
  const { userId } = alarm;
  const where = isFactorAlarm(db, key, audit.at);
  const event = insertUserEventStatement(db, "second_factor_locked", { userId, audit, where });
  return {
    alarm: insertNoticeStatement(db, alarm, { at: audit.at, where }),
    alarmed: event.returning({ id: auditEvents.id }),
  };
}
