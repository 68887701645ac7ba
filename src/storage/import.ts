/**
 * Accounts as a whole, for import and export: many in each round trip.
 *
 * Only scripts use it: the Worker's bundle does not have it. The import inserts an account with
 * everything that belongs to it, or nothing; the unique indexes decide.
 */
import { asc, getTableColumns, gt, inArray, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { identities, passkeys, passwords, recoveryCodes, totps, users } from "../../drizzle/schema.ts";
import { batch, type Db, insertSelect, type SelectedRow } from "./db.ts";
import { type AuditContext, insertEventStatement } from "./events.ts";
import type { PasskeyRow } from "./factors.ts";
import type { IdentityRow } from "./identities.ts";
import type { UserRow } from "./users.ts";

export type TotpRow = typeof totps.$inferSelect;
export type RecoveryCodeRow = typeof recoveryCodes.$inferSelect;

/** An account with what signs it in. */
export interface AccountRows {
  user: UserRow;
  passwordHash: string | undefined;
  totp: TotpRow | undefined;
  recoveryCodes: RecoveryCodeRow[];
  passkeys: PasskeyRow[];
  identities: IdentityRow[];
}

/** What no two accounts share, by the field of the import that has it. */
export interface AccountKey {
  field: "id" | "email" | "phone" | "username" | "recovery_codes" | "passkeys" | "identities";
  /** Compared as the columns do. */
  value: string;
}

/** The keys of an account. */
export const keysOf = ({ user, ...rows }: AccountRows): AccountKey[] => [
  { field: "id", value: user.id },
  ...keysOfUser(user),
  ...rows.recoveryCodes.map(({ digest }) => ({ field: "recovery_codes", value: digest }) as const),
  ...rows.passkeys.map(({ id }) => ({ field: "passkeys", value: id }) as const),
  ...rows.identities.map(keyOfIdentity),
  ...rows.identities.map(keyOfIdentityId),
];

const keysOfUser = (user: Pick<UserRow, "email" | "phone" | "username">): AccountKey[] =>
  (["email", "phone", "username"] as const).flatMap((field) => {
    const value = user[field]?.toLowerCase();
    return value === undefined ? [] : [{ field, value }];
  });

const keyOfIdentity = ({ issuer, subject }: Pick<IdentityRow, "issuer" | "subject">): AccountKey => ({
  field: "identities",
  value: `${issuer} ${subject}`,
});

const keyOfIdentityId = ({ id }: Pick<IdentityRow, "id">): AccountKey => ({ field: "identities", value: id });

/** One parameter for all values: D1 allows a hundred. */
const isAmong = (column: SQLiteColumn, values: (string | null)[]) =>
  sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;

/** Returns the keys of these accounts that the database has. */
export async function findKeys(db: Db, accounts: AccountRows[]): Promise<AccountKey[]> {
  const owned = accounts.flatMap((account) => account.identities.map(({ issuer, subject }) => [issuer, subject]));
  /** The values of a column that are in the database. */
  const held = (table: SQLiteTable, column: SQLiteColumn, values: (string | null)[]) =>
    db
      .select({ value: sql<string>`${column}` })
      .from(table)
      .where(isAmong(column, values));
  const heldByUsers = (name: "id" | "email" | "phone" | "username") =>
    held(
      users,
      users[name],
      accounts.map(({ user }) => user[name]),
    );
  const found = await batch(db, {
    ids: heldByUsers("id"),
    email: heldByUsers("email"),
    phone: heldByUsers("phone"),
    username: heldByUsers("username"),
    recoveryCodes: held(
      recoveryCodes,
      recoveryCodes.digest,
      accounts.flatMap((it) => it.recoveryCodes.map(({ digest }) => digest)),
    ),
    passkeys: held(
      passkeys,
      passkeys.id,
      accounts.flatMap((account) => account.passkeys.map(({ id }) => id)),
    ),
    identities: db
      .select({ issuer: identities.issuer, subject: identities.subject })
      .from(identities)
      .where(sql`(${identities.issuer}, ${identities.subject}) in
        (select value ->> 0, value ->> 1 from json_each(${JSON.stringify(owned)}))`),
    identityIds: held(
      identities,
      identities.id,
      accounts.flatMap((account) => account.identities.map(({ id }) => id)),
    ),
  });
  return [
    ...found.ids.map(({ value }) => ({ field: "id", value }) as const),
    ...(["email", "phone", "username"] as const).flatMap((field) =>
      found[field].flatMap(({ value }) => keysOfUser({ email: null, phone: null, username: null, [field]: value })),
    ),
    ...found.recoveryCodes.map(({ value }) => ({ field: "recovery_codes", value }) as const),
    ...found.passkeys.map(({ value }) => ({ field: "passkeys", value }) as const),
    ...found.identities.map(keyOfIdentity),
    ...found.identityIds.map(({ value }) => keyOfIdentityId({ id: value })),
  ];
}

/** Inserts accounts in one transaction. Throws if the database has a key of one. */
export async function insertAccounts(db: Db, accounts: AccountRows[], audit: AuditContext): Promise<void> {
  const ids = accounts.map(({ user }) => user.id);
  const hashes = accounts.flatMap(({ user, passwordHash: hash }) => (hash ? [{ userId: user.id, hash }] : []));
  await batch(db, {
    users: rowsStatement(
      db,
      users,
      accounts.map(({ user }) => user),
    ),
    passwords: rowsStatement(db, passwords, hashes),
    totps: rowsStatement(
      db,
      totps,
      accounts.flatMap(({ totp }) => totp ?? []),
    ),
    recoveryCodes: rowsStatement(
      db,
      recoveryCodes,
      accounts.flatMap((account) => account.recoveryCodes),
    ),
    passkeys: rowsStatement(
      db,
      passkeys,
      accounts.flatMap((account) => account.passkeys),
    ),
    identities: rowsStatement(
      db,
      identities,
      accounts.flatMap((account) => account.identities),
    ),
    events: insertEventStatement(db, "imported", audit, {
      userId: sql`value`,
      sessionId: null,
      source: sql`from json_each(${JSON.stringify(ids)})`,
    }),
  });
}

/** Inserts rows: a JSON list of lists, in the order of the columns. */
function rowsStatement<T extends SQLiteTable>(db: Db, table: T, rows: T["$inferSelect"][]) {
  const columns = Object.entries(getTableColumns(table));
  const stored = rows.map((row) =>
    columns.map(([name, column]) => (row[name] === null ? null : column.mapToDriverValue(row[name]))),
  );
  const values = Object.fromEntries(columns.map(([name], n) => [name, sql.raw(`value ->> ${n}`)]));
  return insertSelect(
    db,
    table,
    values as SelectedRow<T["$inferInsert"]>,
    sql`from json_each(${JSON.stringify(stored)})`,
  );
}

/** Reads the next accounts after this id, in the order of their ids, as of one moment. */
export async function readAccounts(db: Db, after: string, max: number): Promise<AccountRows[]> {
  const page = db.select({ id: users.id }).from(users).where(gt(users.id, after)).orderBy(asc(users.id)).limit(max);
  const rows = await batch(db, {
    users: db.select().from(users).where(gt(users.id, after)).orderBy(asc(users.id)).limit(max),
    passwords: db.select().from(passwords).where(inArray(passwords.userId, page)),
    totps: db
      .select()
      .from(totps)
      .where(sql`${inArray(totps.userId, page)} and ${totps.confirmedAt} is not null`),
    recoveryCodes: db
      .select()
      .from(recoveryCodes)
      .where(inArray(recoveryCodes.userId, page))
      .orderBy(asc(recoveryCodes.digest)),
    passkeys: db.select().from(passkeys).where(inArray(passkeys.userId, page)).orderBy(asc(passkeys.id)),
    identities: db.select().from(identities).where(inArray(identities.userId, page)).orderBy(asc(identities.id)),
  });
  const byUser = <Row extends { userId: string }>(list: Row[]) => Map.groupBy(list, ({ userId }) => userId);
  const [hashes, apps] = [byUser(rows.passwords), byUser(rows.totps)];
  const [codes, keys, linked] = [byUser(rows.recoveryCodes), byUser(rows.passkeys), byUser(rows.identities)];
  return rows.users.map((user) => ({
    user,
    passwordHash: hashes.get(user.id)?.[0]?.hash,
    totp: apps.get(user.id)?.[0],
    recoveryCodes: codes.get(user.id) ?? [],
    passkeys: keys.get(user.id) ?? [],
    identities: linked.get(user.id) ?? [],
  }));
}
