// Plain SQL: the current user is the most frequent read, and building a statement with Drizzle
// takes longer than running it.
import { getTableColumns } from "drizzle-orm";
import { users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { markStorageError, type Reader } from "./db.ts";
import type { UserRow } from "./users.ts";

const FIND = `
  select users.* from users join sessions on sessions.user_id = users.id
  where sessions.id = ?1 and sessions.user_id = ?2 and revoked_at is null and expires_at > ?3
    and disabled_at is null and (not ?4 or email_verified_at is not null or phone_verified_at is not null)`;

interface UserQuery {
  /** Unix time in milliseconds. */
  now: number;
  /** True if an account without a verified address is refused. */
  mustBeVerified: boolean;
}

/** Finds the user of a session, if the session is active and the account may be used. */
export async function findSessionUser(
  db: Reader,
  { userId, sessionId }: SessionRef,
  { now, mustBeVerified }: UserQuery,
): Promise<UserRow | undefined> {
  const query = db.$client
    .prepare(FIND)
    .bind(sessionId, userId, now, Number(mustBeVerified))
    .all<Record<string, unknown>>();
  const { results } = await markStorageError(query);
  return results[0] && toUserRow(results[0]);
}

const COLUMNS = Object.entries(getTableColumns(users)).map(([name, column]) => ({
  name,
  column,
  storedAs: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
}));

const toUserRow = (row: Record<string, unknown>) =>
  Object.fromEntries(
    COLUMNS.map(({ name, column, storedAs }) => {
      const value = row[storedAs];
      return [name, value === null ? null : column.mapFromDriverValue(value as never)];
    }),
  ) as UserRow;
