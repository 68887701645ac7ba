/** Links identities to users and unlinks them. */
import { and, eq, sql } from "drizzle-orm";
import { identities } from "../../drizzle/schema.ts";
import { changeCredential } from "./credential-change.ts";
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

/**
 * Unlinks an identity of a user. Does nothing if it is the last way to sign in. See
 * `changeCredential`.
 */
export const unlinkIdentity = (
  db: Db,
  owner: Reauthenticated,
  { id, notice, offered }: { id: string; notice: NewNotice; offered: OfferedWays },
  audit: AuditContext,
) => {
  const { userId } = owner.session;
  const own = and(eq(identities.id, id), ownedBy(userId));
  return changeCredential(
    db,
    owner,
    {
      where: and(identityExists(db, own), keepsWayIn(db, userId, offered, { identity: id })),
      event: "identity_unlinked",
      notice,
      also: (isDone) => ({ identity: db.delete(identities).where(and(own, isDone)) }),
    },
    audit,
  );
};
