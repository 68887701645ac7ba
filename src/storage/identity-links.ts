/** Links identities to users and unlinks them. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { identities } from "../../drizzle/schema.ts";
import { changeCredential, removeCredential } from "./credential-change.ts";
import { type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { type IdentityRow, identityExists, isIdentity, ownedBy } from "./identities.ts";
import type { NewNotice } from "./notices.ts";
import type { Reauthenticated } from "./session-conditions.ts";
import { keepsWayIn, type OfferedWays } from "./ways-in.ts";

/** How many identities an account can have. */
export const MAX_IDENTITIES = 20;

/** Links an identity to its user, unless any account has it. See `changeCredential`. */
export const linkIdentity = (
  db: Db,
  owner: Reauthenticated,
  { identity, notice }: { identity: IdentityRow; notice: NewNotice },
  audit: AuditContext,
) =>
  changeCredential(
    db,
    owner,
    {
      where: and(
        sql`not ${identityExists(db, isIdentity(identity))}`,
        sql`(select count(*) from ${identities} where ${ownedBy(identity.userId)}) < ${MAX_IDENTITIES}`,
      ),
      event: "identity_linked",
      notice,
      also: (isDone) => ({ linked: insertSelect(db, identities, identity, sql`where ${isDone}`) }),
    },
    audit,
  );

interface Unlinking {
  /** The id of the identity. */
  id: string;
  notice: NewNotice;
  offered: OfferedWays;
}

function unlinking(db: Db, userId: string, { id, notice, offered }: Unlinking) {
  const own = and(eq(identities.id, id), ownedBy(userId));
  return {
    where: and(identityExists(db, own), keepsWayIn(db, userId, offered, { identity: id })),
    event: "identity_unlinked" as const,
    notice,
    also: (isAllowed: SQL) => ({ identity: db.delete(identities).where(and(own, isAllowed)) }),
  };
}

/**
 * Unlinks an identity of a user. Does nothing if it is the last way to sign in. See
 * `changeCredential`.
 */
export const unlinkIdentity = (db: Db, owner: Reauthenticated, what: Unlinking, audit: AuditContext) =>
  changeCredential(db, owner, unlinking(db, owner.session.userId, what), audit);

/** As `unlinkIdentity`, for an administrator. See `removeCredential`. */
export const removeIdentity = (db: Db, userId: string, what: Unlinking, audit: AuditContext) =>
  removeCredential(db, userId, unlinking(db, userId, what), audit);
