import { and, asc, eq, gt, gte, inArray, isNotNull, lt, or, sql } from "drizzle-orm";
import { apiKeys, oneTimeSecrets, profileColumns, sessions, users } from "../../drizzle/schema.ts";
import type { IdentifierKind, Identifiers } from "../contract/identifiers.ts";
import { batch, type Db, type Reader } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { insertPasswordStatement } from "./passwords.ts";
import { invalidateSecretsStatement } from "./secrets.ts";
import { isEnabled } from "./session-conditions.ts";
import { denyApiKeysStatement, endedIn, type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";
import { distrustAllStatement } from "./trusted-devices.ts";

export type UserRow = typeof users.$inferSelect;

/** The name by which pages call a user. Null if the account has none. */
export const shownName = sql<string | null>`coalesce(${users.username}, ${users.email}, ${users.phone})`;

export type ProfileRow = Pick<UserRow, keyof typeof profileColumns>;

const PROFILE_COLUMNS = Object.keys(profileColumns) as (keyof ProfileRow)[];
const KINDS: IdentifierKind[] = ["email", "phone", "username"];

/** Creates the row of a new account. Fields that are not given are empty. */
export const newUser = (given: { [Name in keyof UserRow]?: UserRow[Name] | undefined }, at: number): UserRow => ({
  id: given.id ?? crypto.randomUUID(),
  email: given.email ?? null,
  emailVerifiedAt: given.emailVerifiedAt ?? null,
  phone: given.phone ?? null,
  phoneVerifiedAt: given.phoneVerifiedAt ?? null,
  username: given.username ?? null,
  credentialVersion: 0,
  ...(Object.fromEntries(PROFILE_COLUMNS.map((column) => [column, given[column] ?? null])) as ProfileRow),
  disabledAt: null,
  roles: given.roles ?? [],
  lastUsedAt: null,
  createdAt: at,
  updatedAt: at,
});

/**
 * Creates an account, without a password if `passwordHash` is undefined. Returns which of its
 * identifiers belong to other accounts; nothing is created if any does.
 *
 * The unique indexes decide, also between racing requests.
 */
export async function createUser(
  db: Db,
  user: UserRow,
  passwordHash: string | undefined,
  audit: AuditContext,
): Promise<IdentifierKind[]> {
  const { created, holders } = await batch(db, {
    created: db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id }),
    ...(passwordHash !== undefined && {
      password: insertPasswordStatement(db, { userId: user.id, hash: passwordHash }),
    }),
    holders: holdersStatement(db, user),
    event: insertUserEventStatement(db, "registered", { userId: user.id, audit }),
  });
  return created.length === 1 ? [] : takenIdentifiers(user, holders);
}

/** Selects the accounts that have one of the wanted identifiers. */
export const holdersStatement = (db: Db, { email, phone, username }: Identifiers) =>
  db
    .select({ email: users.email, phone: users.phone, username: users.username })
    .from(users)
    .where(
      or(
        email ? eq(users.email, email) : undefined,
        phone ? eq(users.phone, phone) : undefined,
        username ? eq(users.username, username) : undefined,
      ),
    );

/** Returns which of the wanted identifiers belong to one of the holders. */
export const takenIdentifiers = (wanted: Identifiers, holders: Identifiers[]): IdentifierKind[] =>
  KINDS.filter((kind) => holders.some((holder) => isSame(holder[kind], wanted[kind])));

/** Compares as the columns do, which fold ASCII only and hold nothing else. */
const isSame = (held: string | null | undefined, wanted: string | null | undefined) =>
  !!held && held.toLowerCase() === wanted?.toLowerCase();

/** Finds the account with this identifier. */
export async function findUserBy(db: Db, kind: IdentifierKind | "id", value: string): Promise<UserRow | undefined> {
  const [user] = await db.select().from(users).where(eq(users[kind], value));
  return user;
}

/** Finds the account with this id. */
export async function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  const [user] = await db.select().from(users).where(eq(users.id, id));
  return user;
}

/** Finds the accounts with these ids. One parameter for all ids: D1 allows a hundred. */
export const findUsers = (db: Reader, ids: string[]): Promise<UserRow[]> =>
  db
    .select()
    .from(users)
    .where(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`);

/**
 * Lists at most `max` users after this id, in the order of their ids, whose id or identifiers begin
 * with `prefix`.
 */
export const listUsers = (db: Db, prefix: string | undefined, after: string, max: number): Promise<UserRow[]> =>
  db
    .select()
    .from(users)
    .where(and(gt(users.id, after), prefix === undefined ? undefined : inArray(users.id, withPrefix(db, prefix))))
    .orderBy(asc(users.id))
    .limit(max);

/** One range query for each column, so that the unique indexes serve them. */
function withPrefix(db: Db, prefix: string) {
  const having = (column: typeof users.id | typeof users.email | typeof users.phone | typeof users.username) =>
    db
      .select({ id: users.id })
      .from(users)
      .where(and(gte(column, prefix), lt(column, `${prefix}\u{10ffff}`)));
  return having(users.id).union(having(users.email)).union(having(users.phone)).union(having(users.username));
}

/** Replaces the roles of an account. Returns false if there is none. */
export async function replaceRoles(db: Db, userId: string, roles: string[], audit: AuditContext): Promise<boolean> {
  const { replaced } = await batch(db, {
    event: insertUserEventStatement(db, "roles_changed", { userId, audit }),
    replaced: db
      .update(users)
      .set({ roles, updatedAt: audit.at })
      .where(eq(users.id, userId))
      .returning({ id: users.id }),
  });
  return replaced.length === 1;
}

/**
 * Disables an account, revokes its sessions and voids its links and codes. Returns undefined if
 * there is none.
 */
export async function disableUser(db: Db, userId: string, audit: AuditContext): Promise<RevokedSession[] | undefined> {
  const { found, ...results } = await batch(db, {
    found: db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    event: insertUserEventStatement(db, "account_disabled", { userId, audit, where: isEnabled }),
    distrusted: distrustAllStatement(db, userId),
    keysDenied: denyApiKeysStatement(db, audit.at, eq(apiKeys.userId, userId)),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: eq(sessions.userId, userId) }),
    voided: invalidateSecretsStatement(db, { at: audit.at, where: eq(oneTimeSecrets.userId, userId) }),
    disabled: db
      .update(users)
      .set({ disabledAt: audit.at, updatedAt: audit.at })
      .where(and(eq(users.id, userId), isEnabled)),
  });
  return found.length === 1 ? endedIn(results) : undefined;
}

/** Enables an account. Returns false if there is none. */
export async function enableUser(db: Db, userId: string, audit: AuditContext): Promise<boolean> {
  const isDisabled = isNotNull(users.disabledAt);
  const { found } = await batch(db, {
    found: db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    event: insertUserEventStatement(db, "account_enabled", { userId, audit, where: isDisabled }),
    enabled: db
      .update(users)
      .set({ disabledAt: null, updatedAt: audit.at })
      .where(and(eq(users.id, userId), isDisabled)),
  });
  return found.length === 1;
}
