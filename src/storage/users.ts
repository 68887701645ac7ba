import { and, eq, getTableColumns, or, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { type AuditContext, addUserEvent } from "./audit-events.ts";
import type { Db, Reader } from "./db.ts";
import { findLockout, type IdentifierKey } from "./lockouts.ts";
import { type Places, prepared, type Value, type Values } from "./prepared.ts";
import { isActive, isEnabled, isSession, type SessionRef } from "./session-conditions.ts";

export type UserRow = typeof users.$inferSelect;
const KINDS = ["email", "phone", "username"] as const;
export type IdentifierKind = (typeof KINDS)[number];

type NewUser = Pick<UserRow, "passwordHash"> & { [Name in keyof UserRow]?: UserRow[Name] | undefined };

/** An account that is about to be: what is not given is empty. */
export const newUser = (given: NewUser, at: number): UserRow => ({
  id: crypto.randomUUID(),
  email: given.email ?? null,
  emailVerifiedAt: given.emailVerifiedAt ?? null,
  phone: given.phone ?? null,
  phoneVerifiedAt: given.phoneVerifiedAt ?? null,
  username: given.username ?? null,
  passwordHash: given.passwordHash,
  passwordVersion: 0,
  firstName: given.firstName ?? null,
  lastName: given.lastName ?? null,
  contact: given.contact ?? null,
  shortDescription: given.shortDescription ?? null,
  locale: given.locale ?? null,
  disabledAt: null,
  roles: given.roles ?? [],
  createdAt: at,
  updatedAt: at,
});

/** Creates an account, or answers which of its identifiers others have. The unique indexes decide, also between racing
 *  requests; the second statement of the transaction reads who was there first. */
export async function createUser(db: Db, user: UserRow, audit: AuditContext): Promise<IdentifierKind[]> {
  const { email, phone, username } = user;
  const [created, holders] = await db.batch([
    db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
    db
      .select({ email: users.email, phone: users.phone, username: users.username })
      .from(users)
      .where(
        or(
          email ? eq(users.email, email) : undefined,
          phone ? eq(users.phone, phone) : undefined,
          username ? eq(users.username, username) : undefined,
        ),
      ),
    addUserEvent(db, "registered", audit, user.id),
  ]);
  if (created.length === 1) return [];

  return takenOf(user, holders);
}

type Identifiers = { [Kind in IdentifierKind]?: string | null | undefined };

/** Which of these identifiers one of the holders has. */
export const takenOf = (wanted: Identifiers, holders: Identifiers[]): IdentifierKind[] =>
  KINDS.filter((kind) => holders.some((holder) => isSame(holder[kind], wanted[kind])));

export type Credentials = NonNullable<Awaited<ReturnType<typeof findCredentials>>["user"]>;

/** What a login needs to know of the account that has this identifier, and whether guesses at it are blocked. */
export async function findCredentials(db: Db, target: IdentifierKey) {
  const [[lockout], [user]] = await db.batch([
    findLockout(db, target),
    db
      .select({
        id: users.id,
        passwordHash: users.passwordHash,
        passwordVersion: users.passwordVersion,
        emailVerifiedAt: users.emailVerifiedAt,
        roles: users.roles,
        phoneVerifiedAt: users.phoneVerifiedAt,
        disabledAt: users.disabledAt,
      })
      .from(users)
      .where(eq(users[target.kind], target.value)),
  ]);
  return { lockout, user };
}

/** The account that has this identifier. */
export async function findUserBy(db: Db, kind: IdentifierKind, value: string): Promise<UserRow | undefined> {
  const [user] = await db.select().from(users).where(eq(users[kind], value));
  return user;
}

export async function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  const [user] = await db.select().from(users).where(eq(users.id, id));
  return user;
}

/** The accounts with these ids. One parameter, however many: D1 takes a hundred. */
export const findUsers = (db: Reader, ids: string[]): Promise<UserRow[]> =>
  db
    .select()
    .from(users)
    .where(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`);

/** The account, as long as this session may act for it. */
export async function findSessionUser(db: Reader, ref: SessionRef, now: number): Promise<UserRow | undefined> {
  const [user] = await sessionUser(db, { ...ref, now });
  return user;
}

const sessionUser = prepared((db, at: Places<SessionRef & { now: number }>) => selectSessionUser(db, at, at.now));

/** What `sessionIsAuthorized` asks, as a join: the account is there already. */
const selectSessionUser = (db: Reader, ref: Values<SessionRef>, now: Value<number>) =>
  db
    .select(getTableColumns(users))
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .where(and(isSession(ref), isActive(now), isEnabled));

/** The account, as long as this session may act for it, and whether guesses at its password are blocked. */
export async function findSessionCredentials(db: Db, ref: SessionRef, now: number) {
  const [[lockout], [user]] = await db.batch([findLockout(db, ref), selectSessionUser(db, ref, now)]);
  return { lockout, user };
}

/** Stores the same password hashed anew, unless it was replaced meanwhile. */
export async function rehashPassword(db: Db, before: Pick<UserRow, "id" | "passwordHash">, passwordHash: string) {
  await db
    .update(users)
    .set({ passwordHash })
    .where(and(eq(users.id, before.id), eq(users.passwordHash, before.passwordHash)));
}

/** As the columns compare. */
const isSame = (held: string | null | undefined, wanted: string | null | undefined) =>
  !!held && held.toLowerCase() === wanted?.toLowerCase();
