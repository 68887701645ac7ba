/**
 * Identities: accounts at identity providers, by issuer and subject. The address of one never
 * decides whose it is.
 *
 * It says which are linked, and uses one up in a sign-in: of N concurrent callbacks with one state,
 * one succeeds. `identity-links.ts` links and unlinks.
 */
import { and, asc, eq, exists, not, type SQL, sql } from "drizzle-orm";
import { identities, spentChallenges, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import type { SpentChallenge } from "./factors.ts";
import type { LockoutKey } from "./lockout-subjects.ts";
import { type Lockout, lockoutStatement } from "./lockouts.ts";
import { sessionIsAuthorized, userExists } from "./session-conditions.ts";

export type IdentityRow = typeof identities.$inferSelect;

/** The key of an identity. */
export type IdentityKey = Pick<IdentityRow, "issuer" | "subject">;

export const isIdentity = ({ issuer, subject }: IdentityKey) =>
  and(eq(identities.issuer, issuer), eq(identities.subject, subject));

export const identityExists = (db: Db, where: SQL | undefined) =>
  exists(db.select({ id: identities.id }).from(identities).where(where));

export const ownedBy = (userId: string) => eq(identities.userId, userId);

/** A sign-in by an identity. */
export interface IdentityUse {
  identity: IdentityRow;
  /** The state of the sign-in, which works once. */
  state: SpentChallenge;
  /** The account to create with the identity, if no account has it yet. */
  user?: typeof users.$inferSelect | undefined;
}

interface Use {
  /** A new id: it tells this use from all others. */
  usedBy: string;
  audit: AuditContext;
  /** The identity of an existing account is used only if this holds. */
  where?: SQL | undefined;
}

/** Tests whether this use of a state was the one that succeeded. */
export const identityIsUsed = (db: Db, { state }: IdentityUse, usedBy: string) =>
  exists(
    db
      .select({ id: spentChallenges.id })
      .from(spentChallenges)
      .where(and(eq(spentChallenges.id, state.id), eq(spentChallenges.usedBy, usedBy))),
  );

/**
 * Uses up the state of a sign-in and creates the account, if there is one to create. It does
 * neither if another account has taken the address meanwhile. The statements below it in the batch
 * test `identityIsUsed`.
 */
export function useIdentityStatements(db: Db, use: IdentityUse, { usedBy, audit, where }: Use) {
  const { identity, state, user } = use;
  const isUsed = identityIsUsed(db, use, usedBy);
  const isOwn = identityExists(db, and(isIdentity(identity), ownedBy(identity.userId)));
  const isFree = and(
    not(identityExists(db, isIdentity(identity))),
    user?.email ? not(userExists(db, eq(users.email, user.email))) : undefined,
  );
  const isUsable = user ? isFree : and(isOwn, where);
  return {
    stateSpent: insertSelect(
      db,
      spentChallenges,
      { id: state.id, usedBy, expiresAt: state.expiresAt },
      sql`where ${isUsable}`,
    ).onConflictDoNothing(),
    ...(user && {
      created: insertSelect(db, users, user, sql`where ${isUsed}`),
      linked: insertSelect(db, identities, identity, sql`where ${isUsed}`),
      registered: insertUserEventStatement(db, "registered", { userId: user.id, audit, where: isUsed }),
    }),
    identityUsed: db
      .update(identities)
      .set({ lastUsedAt: audit.at, email: identity.email })
      .where(and(isIdentity(identity), isUsed)),
  };
}

/**
 * Uses an identity where a second step follows, so that no session opens yet. `isUsed` is false if
 * another request has used the state. `lockout` is that of the account before it.
 */
export async function useIdentity(
  db: Db,
  use: IdentityUse,
  guess: LockoutKey,
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; isUsed: boolean }> {
  const usedBy = crypto.randomUUID();
  const { lockout, found } = await batch(db, {
    lockout: lockoutStatement(db, guess),
    ...useIdentityStatements(db, use, { usedBy, audit }),
    found: db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, use.identity.userId), identityIsUsed(db, use, usedBy))),
  });
  return { lockout: lockout[0], isUsed: found.length === 1 };
}

/** Lists the identities of an account, oldest first. */
export const listIdentities = (db: Db, userId: string): Promise<IdentityRow[]> =>
  db.select().from(identities).where(ownedBy(userId)).orderBy(asc(identities.linkedAt));

/** As `listIdentities`, for a session's user. Undefined if the session is not authorized. */
export async function listOwnIdentities(db: Db, session: SessionRef, now: number) {
  const { actor, list } = await batch(db, {
    actor: db
      .select({ emailVerifiedAt: users.emailVerifiedAt, phoneVerifiedAt: users.phoneVerifiedAt })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
    list: db.select().from(identities).where(ownedBy(session.userId)).orderBy(asc(identities.linkedAt)),
  });
  return actor[0] && { user: actor[0], list };
}

/** Finds the user whose identity this is. */
export async function findIdentityOwner(db: Db, key: IdentityKey): Promise<string | undefined> {
  const [found] = await db.select({ userId: identities.userId }).from(identities).where(isIdentity(key));
  return found?.userId;
}
