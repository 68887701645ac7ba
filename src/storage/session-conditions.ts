import { and, eq, exists, gt, isNull, type SQL } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { somethingIsProven } from "./address-conditions.ts";
import type { Db } from "./db.ts";
import { isNotLocked } from "./lockouts.ts";

/** Matches sessions that are neither revoked nor expired. */
export const isActive = (now: number) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

/** Matches the session that a token names. */
export const isSession = ({ userId, sessionId }: SessionRef) =>
  and(eq(sessions.id, sessionId), eq(sessions.userId, userId));

/** Tests whether this session is active. */
export const sessionIsActive = (db: Db, session: SessionRef, now: number) =>
  exists(
    db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(isSession(session), isActive(now))),
  );

/** Matches users who are not disabled. */
export const isEnabled = isNull(users.disabledAt);

/** Tests whether a user matches this condition. */
export const userExists = (db: Db, where: SQL | undefined) =>
  exists(db.select({ id: users.id }).from(users).where(where));

/** A first factor that a user has proven a moment ago. */
export interface CredentialProof {
  userId: string;
  credentialVersion: number;
}

/** Matches the user if no credential changed since the proof. */
export const isProven = ({ userId, credentialVersion }: CredentialProof) =>
  and(eq(users.id, userId), eq(users.credentialVersion, credentialVersion), isEnabled);

/** Selects the names of a user who adds a second factor at sign-in. */
export const enrollingUserStatement = (db: Db, proof: CredentialProof) =>
  db
    .select({ id: users.id, email: users.email, username: users.username, phone: users.phone })
    .from(users)
    .where(isProven(proof));

/** A session whose user has just proven a credential again. */
export interface Reauthenticated {
  session: SessionRef;
  /** The version of the account's credentials that were proven. */
  credentialVersion: number;
  /** True if the request has a password or a code. Then the lockout applies to a right one too. */
  byGuess: boolean;
  /** The guess is at a second factor. */
  atSecondFactor?: boolean;
}

/** Matches the user if the session is authorized, no credential changed and no lockout applies. */
export const isReauthenticated = (
  db: Db,
  { session, credentialVersion, byGuess, atSecondFactor }: Reauthenticated,
  now: number,
) =>
  and(
    eq(users.id, session.userId),
    eq(users.credentialVersion, credentialVersion),
    byGuess ? isNotLocked(db, { ...session, atSecondFactor }, now) : undefined,
    sessionIsAuthorized(db, session, now),
  );

/** Tests whether this session may act for its user: it is active and the account is enabled. */
export const sessionIsAuthorized = (db: Db, session: SessionRef, now: number) =>
  and(sessionIsActive(db, session, now), userExists(db, and(eq(users.id, session.userId), isEnabled)));

/**
 * Matches this session if it may authorize clients: it is one of a browser, and authorized. If
 * `mustBeVerified`, its user has a verified address.
 */
export const mayAuthorizeClients = (
  db: Db,
  session: SessionRef,
  { mustBeVerified }: { mustBeVerified: boolean },
  now: number,
) =>
  and(
    eq(sessions.id, session.sessionId),
    isNull(sessions.clientId),
    sessionIsAuthorized(db, session, now),
    mustBeVerified ? userExists(db, and(eq(users.id, session.userId), somethingIsProven)) : undefined,
  );
