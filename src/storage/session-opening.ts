/** Opens sessions: the one batch in which every way of signing in ends. */
import { and, desc, eq, exists, isNull, ne, notInArray, or, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { type Change, changeStatements } from "./credential-change.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { type FactorUse, isUsed, useFactorStatements } from "./factors.ts";
import { type IdentityUse, identityIsUsed, useIdentityStatements } from "./identities.ts";
import type { KnownDevice, LockoutKey } from "./lockout-subjects.ts";
import { clearFailuresStatement, isNotLocked, type Lockout, lockoutStatement } from "./lockouts.ts";
import {
  codeIsUsed,
  forgiveAttemptStatements,
  type LoginCode,
  proveAddressStatements,
  useCodeStatements,
} from "./login-codes.ts";
import { isActive, isProven, sessionIsActive, userExists } from "./session-conditions.ts";
import { endedIn, type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";
import type { SessionRow } from "./sessions.ts";
import { isTrustedDevice, type NewTrust, trustStatements, useTrustStatement } from "./trusted-devices.ts";

const MAX_SESSIONS = 20;

interface NewSession {
  /** The network address and the user agent come from the audit context. */
  session: Omit<SessionRow, "ip" | "userAgent">;
  /** The version of the credentials that were proven. */
  credentialVersion: number;
  /** The correct guess. */
  guess: LockoutKey;
  /** Another session of this user that ends. */
  previousSessionId?: string | undefined;
  /** The second factor that was proven. */
  use?: FactorUse | undefined;
  /** The identity that was proven. It may create the account. */
  identity?: IdentityUse | undefined;
  /** A second factor that the account adds as the session opens. */
  change?: Change | undefined;
  /** The mailed code or link that was proven. */
  code?: LoginCode | undefined;
  /** A device to trust from now on. */
  trust?: NewTrust | undefined;
  /** A trusted device, which takes the place of a second factor. */
  trusted?: KnownDevice | undefined;
}

/**
 * Inserts a session and revokes the one that it replaces and the oldest beyond twenty (`evicted`).
 *
 * `evicted` is undefined if no session was opened: since the proof a credential changed, the
 * account was disabled or locked, or another request used the second factor, the code or the state
 * of the identity, or took the address of the account to create. `lockout` tells these apart: of
 * many concurrent guesses a right one that comes after the lockout must look like a wrong one. With
 * a `change` of credentials both are done or neither, and all other sessions end.
 */
export async function insertSession(
  db: Db,
  { session, credentialVersion, guess, previousSessionId, use, identity, change, code, trust, trusted }: NewSession,
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; evicted: RevokedSession[] | undefined }> {
  const { id, userId } = session;
  const { at, ip, userAgent } = audit;
  // An attempt at a code was counted before, when no lockout applied. A link is no guess.
  const target = and(isProven({ userId, credentialVersion }), code ? undefined : isNotLocked(db, guess, at));
  const isFit = and(
    target,
    use && isUsed(db, use, { userId, sessionId: id }),
    change?.where,
    trusted && isTrustedDevice(db, trusted, at),
  );
  const opens = and(isFit, identity && identityIsUsed(db, identity, id), code && codeIsUsed(db, code, id));
  const isOpen = exists(db.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, id)));
  const others = and(eq(sessions.userId, userId), ne(sessions.id, id));
  const isOfBrowser = isNull(sessions.clientId);
  const newestOthers = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(others, isOfBrowser, isActive(at)))
    .orderBy(desc(sessions.createdAt), desc(sql`rowid`))
    .limit(MAX_SESSIONS - 1);
  const isSurplus = and(
    isOfBrowser,
    or(notInArray(sessions.id, newestOthers), previousSessionId ? eq(sessions.id, previousSessionId) : undefined),
  );
  const { lockout, opened, ...results } = await batch(db, {
    lockout: lockoutStatement(db, guess),
    ...useFactorStatements(db, use, { userId, sessionId: id, audit, where: userExists(db, target) }),
    ...(code && useCodeStatements(db, code, { usedBy: id, audit, where: isFit })),
    ...(identity && useIdentityStatements(db, identity, { usedBy: id, audit, where: userExists(db, isFit) })),
    cleared: clearFailuresStatement(db, guess, userExists(db, opens)),
    ...forgiveAttemptStatements(db, code, guess, userExists(db, opens)),
    opened: insertSelect(db, sessions, { ...session, ip, userAgent }, sql`from ${users} where ${opens}`).returning({
      id: sessions.id,
    }),
    event: insertSessionEventsStatement(db, "logged_in", { audit, where: eq(sessions.id, id) }),
    ...(change && changeStatements(db, userId, change, { audit, isDone: isOpen, session: eq(sessions.id, id) })),
    ...(trust && {
      ...trustStatements(db, { userId, credentialVersion }, trust, { ...audit, where: isOpen }),
      trustEvent: insertSessionEventsStatement(db, "device_trusted", { audit, where: eq(sessions.id, id) }),
    }),
    ...(trusted && { trustUsed: useTrustStatement(db, trusted.deviceId, { ...audit, where: isOpen }) }),
    ...revokeSessionsStatements(db, "session_revoked", {
      audit,
      where: and(others, sessionIsActive(db, { userId, sessionId: id }, at), change ? undefined : isSurplus),
    }),
    // If it takes the account clean, its revocation of all other sessions replaces the one above.
    ...(code && proveAddressStatements(db, code, { usedBy: id, audit })),
  });
  return { lockout: lockout[0], evicted: opened.length === 1 ? endedIn(results) : undefined };
}
