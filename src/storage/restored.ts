/**
 * Ends what a restore of the database to an earlier time brings back. Only a command calls it.
 */
import { gt, inArray } from "drizzle-orm";
import { oauthCodes, oauthDeviceCodes, oneTimeSecrets, sessions, trustedDevices } from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { invalidateSecretsStatement } from "./secrets.ts";
import { isActive } from "./session-conditions.ts";
import { revokeSessionsStatements } from "./session-revocation.ts";

/** Voids open codes and links, and ends the trust in devices. */
async function voidSecrets(db: Db, at: number) {
  await batch(db, {
    secrets: invalidateSecretsStatement(db, { at, where: gt(oneTimeSecrets.expiresAt, at) }),
    codes: db.delete(oauthCodes),
    deviceCodes: db.delete(oauthDeviceCodes),
    devices: db.delete(trustedDevices),
  });
}

/** Revokes at most `max` active sessions. Returns how many it revoked. */
async function revokeSome(db: Db, max: number, audit: AuditContext): Promise<number> {
  const some = db.select({ id: sessions.id }).from(sessions).where(isActive(audit.at)).orderBy(sessions.id).limit(max);
  const statements = revokeSessionsStatements(db, "session_revoked", { audit, where: inArray(sessions.id, some) });
  return (await batch(db, statements)).revoked.length;
}

/**
 * Voids open codes, links and trusted devices, and then revokes the active sessions, at most `max`
 * in one transaction: refresh tokens that were used since are valid again, so a stolen one would be
 * too. Returns how many sessions it revoked. If it fails, it is called again.
 *
 * Users sign in meanwhile. So the codes are voided once, and before the sessions: none of them
 * opens a session that stays.
 */
export async function endRestored(db: Db, max: number, audit: AuditContext): Promise<number> {
  await voidSecrets(db, audit.at);
  let count = 0;
  for (let revoked = max; revoked === max; count += revoked) revoked = await revokeSome(db, max, audit);
  return count;
}
