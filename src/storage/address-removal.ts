import { and, eq, isNotNull, isNull, not, or } from "drizzle-orm";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import { contactWithout, isReleasable } from "./address-conditions.ts";
import { addressKindOf } from "./addresses.ts";
import { changeCredential } from "./credential-change.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement, type OpenSecret, secretIsOpen } from "./secrets.ts";
import { type Reauthenticated, userExists } from "./session-conditions.ts";
import { keepsWayIn, type OfferedWays } from "./ways-in.ts";

/**
 * Removes an address from the account of a user who has just proven a credential, unless the
 * account would keep no address, or only an unproven one although this one is proven, or could no
 * longer sign in. See `changeCredential`.
 */
export const removeAddress = (
  db: Db,
  owner: Reauthenticated,
  { kind, notice, offered }: { kind: AddressKind; notice: NewNotice; offered: OfferedWays },
  audit: AuditContext,
) =>
  changeCredential(
    db,
    owner,
    {
      where: and(isRemovable(kind), keepsWayIn(db, owner.session.userId, offered, { address: kind })),
      event: `${kind}_removed`,
      notice,
      set: without(kind),
    },
    audit,
  );

/** Matches users who have this address and keep a proven one, or any if this one is unproven. */
const isRemovable = (kind: AddressKind) => {
  const other = kind === "email" ? "phone" : "email";
  return and(
    isNotNull(users[kind]),
    isNotNull(users[other]),
    or(isNull(users[`${kind}VerifiedAt`]), isNotNull(users[`${other}VerifiedAt`])),
  );
};

/** The columns of an account after it lost this address. */
const without = (kind: AddressKind) => ({
  [kind]: null,
  [`${kind}VerifiedAt`]: null,
  contact: contactWithout(kind),
});

/**
 * Uses a secret to remove the unproven address that it was sent to from an account that it does not
 * recover. Returns false if the secret is not open anymore or the address recovers the account now.
 */
export async function releaseAddress(
  db: Db,
  secret: OpenSecret,
  notice: NewNotice,
  audit: AuditContext,
): Promise<boolean> {
  const { userId, address } = secret;
  const kind = addressKindOf(address);
  const target = and(eq(users.id, userId), isReleasable(address), secretIsOpen(db, secret, audit.at));
  const { released } = await batch(db, {
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertUserEventStatement(db, `${kind}_removed`, { userId, audit, where: target }),
    released: db
      .update(users)
      .set({ ...without(kind), updatedAt: audit.at })
      .where(target)
      .returning({ id: users.id }),
    // Last: the statements above test whether the secret is open.
    spent: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(
        eq(oneTimeSecrets.userId, userId),
        eq(oneTimeSecrets.address, address),
        not(userExists(db, and(eq(users.id, userId), eq(users[kind], address)))),
      ),
    }),
  });
  return released.length === 1;
}
