/** Recovery codes: an account has none or one set, which new ones replace as a whole. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { recoveryCodes } from "../../drizzle/schema.ts";
import { changeCredential } from "./credential-change.ts";
import { type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import type { NewNotice } from "./notices.ts";
import type { Reauthenticated } from "./session-conditions.ts";

/** Replaces the recovery codes of a user. See `changeCredential`. */
export const replaceRecoveryCodes = (
  db: Db,
  owner: Reauthenticated,
  { digests, notice }: { digests: string[]; notice: NewNotice },
  audit: AuditContext,
) =>
  changeCredential(
    db,
    owner,
    {
      event: "recovery_codes_created",
      notice,
      also: (isDone) =>
        replaceRecoveryCodesStatements(db, owner.session.userId, digests, { at: audit.at, where: isDone }),
    },
    audit,
  );

/** Replaces the recovery codes if `where` holds. */
export const replaceRecoveryCodesStatements = (
  db: Db,
  userId: string,
  digests: string[],
  { at, where }: { at: number; where: SQL },
) => ({
  earlierCodes: db.delete(recoveryCodes).where(and(eq(recoveryCodes.userId, userId), where)),
  codes: insertSelect(
    db,
    recoveryCodes,
    { digest: sql`value`, userId, createdAt: at, spentAt: null, usedBy: null },
    sql`from json_each(${JSON.stringify(digests)}) where ${where}`,
  ),
});
