import { and, asc, eq, exists, ne, notExists, type SQL, sql } from "drizzle-orm";
import { passkeys, recoveryCodes, sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { type Change, changeCredential } from "./credential-change.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { hasTotp } from "./factor-removals.ts";
import { factorColumns, type PasskeyRow } from "./factors.ts";
import { lockoutStatement } from "./lockouts.ts";
import type { NewNotice } from "./notices.ts";
import { replaceRecoveryCodesStatements } from "./recovery-codes.ts";
import {
  isActive,
  isEnabled,
  isReauthenticated,
  isSession,
  type Reauthenticated,
  sessionIsAuthorized,
} from "./session-conditions.ts";
import { keepsWayIn, type OfferedWays } from "./ways-in.ts";

/** How many passkeys an account can have. */
export const MAX_PASSKEYS = 20;

const ownedBy = (userId: string) => eq(passkeys.userId, userId);

/** Lists the passkeys of an account, oldest first. */
export const listPasskeys = (db: Db, userId: string): Promise<PasskeyRow[]> =>
  db.select().from(passkeys).where(ownedBy(userId)).orderBy(asc(passkeys.createdAt));

/**
 * As `listPasskeys`, for a user whose first factor was proven under these credentials. Returns
 * undefined if they changed or the account is disabled.
 */
export async function listPendingPasskeys(
  db: Db,
  { userId, credentialVersion }: { userId: string; credentialVersion: number },
): Promise<PasskeyRow[] | undefined> {
  const isPending = and(eq(users.id, userId), eq(users.credentialVersion, credentialVersion), isEnabled);
  const { actor, list } = await batch(db, {
    actor: db.select({ id: users.id }).from(users).where(isPending),
    list: db.select().from(passkeys).where(ownedBy(userId)).orderBy(asc(passkeys.createdAt)),
  });
  return actor.length === 1 ? list : undefined;
}

/** As `listPasskeys`, for a session's user. Returns undefined if the session is not authorized. */
export async function listOwnPasskeys(db: Db, session: SessionRef, now: number): Promise<PasskeyRow[] | undefined> {
  const { actor, list } = await batch(db, {
    actor: db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
    list: db.select().from(passkeys).where(ownedBy(session.userId)).orderBy(asc(passkeys.createdAt)),
  });
  return actor.length === 1 ? list : undefined;
}

/** Finds the user of an authorized session who adds a passkey. */
export async function findPasskeyOwner(db: Db, session: SessionRef, now: number) {
  const [found] = await db
    .select({
      credentialVersion: users.credentialVersion,
      amr: sessions.amr,
      /** Spent ones included. */
      recoveryCodes: sql<number>`(select count(*) from ${recoveryCodes} where ${recoveryCodes.userId} = ${users.id})`,
      ...factorColumns,
    })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(isSession(session), isActive(now), isEnabled));
  return found;
}

/**
 * Lists the passkeys of a user who has just proven a credential. `passkeys` is undefined if the
 * proof no longer holds.
 */
export async function listProvenPasskeys(db: Db, owner: Reauthenticated, now: number) {
  const { lockout, actor, list } = await batch(db, {
    lockout: lockoutStatement(db, owner.session),
    actor: db
      .select({ id: users.id })
      .from(users)
      .where(isReauthenticated(db, owner, now)),
    list: db.select().from(passkeys).where(ownedBy(owner.session.userId)).orderBy(asc(passkeys.createdAt)),
  });
  return { lockout: lockout[0], passkeys: actor.length === 1 ? list : undefined };
}

/** Inserts a passkey. */
export const insertPasskeyStatement = (db: Db, passkey: PasskeyRow, where: SQL) =>
  insertSelect(db, passkeys, passkey, sql`where ${where}`);

interface AddedPasskey {
  passkey: PasskeyRow;
  /** The digests of recovery codes, if the account has none. */
  digests: string[];
  notice: NewNotice;
}

/** The change that adds a passkey, unless any account has it or the account has twenty. */
export const passkeyAddition = (db: Db, { passkey, digests, notice }: AddedPasskey, at: number): Change => ({
  where: and(
    notExists(db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.id, passkey.id))),
    sql`(select count(*) from ${passkeys} where ${ownedBy(passkey.userId)}) < ${MAX_PASSKEYS}`,
  ),
  event: "passkey_added",
  notice,
  addsFactor: true,
  also: (isDone) => ({
    added: insertPasskeyStatement(db, passkey, isDone),
    ...(digests.length > 0 && replaceRecoveryCodesStatements(db, passkey.userId, digests, { at, where: isDone })),
  }),
});

/** Adds a passkey in a session. See `changeCredential`. */
export const addPasskey = (
  db: Db,
  owner: Reauthenticated,
  { amr, ...added }: AddedPasskey & { /** The methods of the session. */ amr: string[] },
  audit: AuditContext,
) => changeCredential(db, owner, { ...passkeyAddition(db, added, audit.at), proof: { amr, at: audit.at } }, audit);

/** Renames a passkey of a session's user. Returns undefined if there is none. */
export async function renamePasskey(
  db: Db,
  session: SessionRef,
  { id, name, now }: { id: string; name: string; now: number },
): Promise<PasskeyRow | undefined> {
  const own = and(eq(passkeys.id, id), ownedBy(session.userId), sessionIsAuthorized(db, session, now));
  const [renamed] = await db.update(passkeys).set({ name }).where(own).returning();
  return renamed;
}

/**
 * Removes a passkey of a user, and the recovery codes if no other second factor is left. Does
 * Removes a passkey of a user, and the recovery codes if no other second factor is left. Does
 * nothing if it is the last way to sign in, nor, with `keepsFactor`, if it is the last second
 * factor. See `changeCredential`.
 */
export const removePasskey = (
  db: Db,
  owner: Reauthenticated,
  { id, notice, keepsFactor, offered }: { id: string; notice: NewNotice; keepsFactor: boolean; offered: OfferedWays },
  audit: AuditContext,
) => {
  const { userId } = owner.session;
  const own = and(eq(passkeys.id, id), ownedBy(userId));
  const others = db
    .select({ id: passkeys.id })
    .from(passkeys)
    .where(and(ownedBy(userId), ne(passkeys.id, id)));
  const hasFactor = sql`(${exists(others)} or ${hasTotp(db, userId)})`;
  return changeCredential(
    db,
    owner,
    {
      where: and(
        exists(db.select({ id: passkeys.id }).from(passkeys).where(own)),
        keepsWayIn(db, userId, offered, { passkey: id }),
        keepsFactor ? hasFactor : undefined,
      ),
      event: "passkey_removed",
      notice,
      also: (isDone) => ({
        codes: db.delete(recoveryCodes).where(and(eq(recoveryCodes.userId, userId), isDone, sql`not ${hasFactor}`)),
        passkey: db.delete(passkeys).where(and(own, isDone)),
      }),
    },
    audit,
  );
};
