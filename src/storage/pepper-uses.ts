/**
 * Counts what depends on earlier peppers, and stops working without them.
 *
 * Only scripts use it: the Worker's bundle does not have it. Nothing stored names its pepper, so
 * the times tell: what was created or used since is under the new one.
 */
import { and, gt, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { apiKeys, oauthClients, recoveryCodes, sessions, totps, trustedDevices } from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import { OLD_SECRET_MILLISECONDS } from "./oauth-clients.ts";

export type PepperUses = Record<
  "sessions" | "trustedDevices" | "authenticatorApps" | "recoveryCodes" | "apiKeys" | "clientSecrets",
  number
>;

/** RFC 6238 §5.2. */
const TOTP_STEP_MILLISECONDS = 30_000;

/**
 * Counts what was last written before a time, and of recovery codes their users. Both times are
 * Unix time in milliseconds.
 */
export async function countPepperUses(db: Db, before: number, now: number): Promise<PepperUses> {
  const count = (table: SQLiteTable, where: SQL | undefined, counted = sql`*`) =>
    db
      .select({ n: sql<number>`count(${counted})` })
      .from(table)
      .where(where);
  const isUnused = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, before));
  const isUnproven = or(isNull(totps.lastStep), lt(totps.lastStep, before / TOTP_STEP_MILLISECONDS));
  // A secret is replaced when the one before it gets its time to expire.
  const isFirst = or(
    isNull(oauthClients.oldSecretExpiresAt),
    lt(oauthClients.oldSecretExpiresAt, before + OLD_SECRET_MILLISECONDS),
  );
  const found = await batch(db, {
    sessions: count(
      sessions,
      and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now), lt(sessions.lastUsedAt, before)),
    ),
    trustedDevices: count(
      trustedDevices,
      and(gt(trustedDevices.expiresAt, now), lt(trustedDevices.lastUsedAt, before)),
    ),
    authenticatorApps: count(totps, and(isNotNull(totps.confirmedAt), lt(totps.createdAt, before), isUnproven)),
    recoveryCodes: count(
      recoveryCodes,
      and(isNull(recoveryCodes.spentAt), lt(recoveryCodes.createdAt, before)),
      sql`distinct ${recoveryCodes.userId}`,
    ),
    apiKeys: count(
      apiKeys,
      and(or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)), lt(apiKeys.createdAt, before), isUnused),
    ),
    clientSecrets: count(
      oauthClients,
      and(isNotNull(oauthClients.secretDigest), lt(oauthClients.createdAt, before), isFirst),
    ),
  });
  return Object.fromEntries(Object.entries(found).map(([name, [row]]) => [name, row?.n ?? 0])) as PepperUses;
}
