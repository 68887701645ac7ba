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

/**
 * Voids open codes, links and trusted devices, and revokes at most `max` active sessions: refresh
 * tokens that were used since are valid again, so a stolen one would be too. Returns how many
 * sessions it revoked.
 */
export async function endRestored(db: Db, max: number, audit: AuditContext): Promise<number> {
  const some = db.select({ id: sessions.id }).from(sessions).where(isActive(audit.at)).orderBy(sessions.id).limit(max);
  const { revoked } = await batch(db, {
    secrets: invalidateSecretsStatement(db, { at: audit.at, where: gt(oneTimeSecrets.expiresAt, audit.at) }),
    codes: db.delete(oauthCodes),
    deviceCodes: db.delete(oauthDeviceCodes),
    devices: db.delete(trustedDevices),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: inArray(sessions.id, some) }),
  });
  return revoked.length;
}
