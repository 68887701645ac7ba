/** Trusted devices: browsers and apps on which a first factor alone signs a user in. */
import { and, desc, eq, exists, gt, lte, notInArray, type SQL, sql } from "drizzle-orm";
import { trustedDevices, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import type { KnownDevice } from "./lockout-subjects.ts";
import type { Stale } from "./purge.ts";
import { type CredentialProof, isSession, sessionIsAuthorized, userExists } from "./session-conditions.ts";

export type TrustedDeviceRow = typeof trustedDevices.$inferSelect;

/** How many devices a user can trust. One more replaces the oldest. */
const MAX_TRUSTED = 10;

/** Matches devices that the user of the outer query trusts under the present credentials. */
const isTrustedNow = (now: number) =>
  and(
    eq(trustedDevices.userId, users.id),
    eq(trustedDevices.credentialVersion, users.credentialVersion),
    gt(trustedDevices.expiresAt, now),
  );

/** Tests whether the user of the outer query trusts the device that a token names. */
export const isTrustedDevice = (db: Db, device: KnownDevice | undefined, now: number): SQL =>
  device
    ? sql`(${eq(users.credentialVersion, device.credentialVersion)} and ${exists(
        db
          .select({ id: trustedDevices.id })
          .from(trustedDevices)
          .where(and(eq(trustedDevices.id, device.deviceId), isTrustedNow(now))),
      )})`
    : sql`false`;

/** A device to trust from now on. */
export interface NewTrust {
  deviceId: string;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

/** Trusts a device if `where` holds. */
export const trustStatements = (
  db: Db,
  { userId, credentialVersion }: CredentialProof,
  { deviceId, expiresAt }: NewTrust,
  { at, ip, userAgent, where }: AuditContext & { where: SQL },
) => {
  const row = { userId, credentialVersion, createdAt: at, lastUsedAt: at, expiresAt, ip, userAgent };
  const newest = db
    .select({ id: trustedDevices.id })
    .from(trustedDevices)
    .where(eq(trustedDevices.userId, userId))
    .orderBy(desc(trustedDevices.createdAt), desc(sql`rowid`))
    .limit(MAX_TRUSTED);
  return {
    trusted: insertSelect(db, trustedDevices, { id: deviceId, ...row }, sql`where ${where}`).onConflictDoUpdate({
      target: trustedDevices.id,
      set: row,
      setWhere: eq(trustedDevices.userId, userId),
    }),
    untrusted: db
      .delete(trustedDevices)
      .where(and(eq(trustedDevices.userId, userId), notInArray(trustedDevices.id, newest))),
  };
};

/** Records the use of a trusted device if `where` holds. */
export const useTrustStatement = (db: Db, deviceId: string, { at, ip, where }: AuditContext & { where: SQL }) =>
  db
    .update(trustedDevices)
    .set({ lastUsedAt: at, ip })
    .where(and(eq(trustedDevices.id, deviceId), where));

const authorized = (db: Db, session: SessionRef, now: number) =>
  and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now));

/** Lists what the user of a session trusts, last used first. Undefined if it is not authorized. */
export async function listTrustedDevices(
  db: Db,
  session: SessionRef,
  now: number,
): Promise<TrustedDeviceRow[] | undefined> {
  const where = authorized(db, session, now);
  const trusted = exists(
    db
      .select({ id: users.id })
      .from(users)
      .where(and(where, isTrustedNow(now))),
  );
  const { actor, list } = await batch(db, {
    actor: db.select({ id: users.id }).from(users).where(where),
    list: db
      .select()
      .from(trustedDevices)
      .where(and(eq(trustedDevices.userId, session.userId), trusted))
      .orderBy(desc(trustedDevices.lastUsedAt)),
  });
  return actor.length === 1 ? list : undefined;
}

/** Ends the trust in a device. Returns false if the user of the session trusts none of this id. */
export async function removeTrustedDevice(
  db: Db,
  session: SessionRef,
  id: string,
  audit: AuditContext,
): Promise<boolean> {
  const own = and(
    eq(trustedDevices.id, id),
    eq(trustedDevices.userId, session.userId),
    userExists(db, authorized(db, session, audit.at)),
  );
  const isTrusted = exists(db.select({ id: trustedDevices.id }).from(trustedDevices).where(own));
  const { removed } = await batch(db, {
    event: insertSessionEventsStatement(db, "device_untrusted", { audit, where: and(isSession(session), isTrusted) }),
    removed: db.delete(trustedDevices).where(own).returning({ id: trustedDevices.id }),
  });
  return removed.length === 1;
}

/** Ends the trust in every device of a user if `where` holds. */
export const distrustAllStatement = (db: Db, userId: string, where?: SQL) =>
  db.delete(trustedDevices).where(and(eq(trustedDevices.userId, userId), where));

/** Devices whose trust has expired. */
export const staleTrustedDevices = (now: number): Stale => ({
  table: trustedDevices,
  where: lte(trustedDevices.expiresAt, now),
});
