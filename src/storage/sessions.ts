import { and, eq, isNull, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { type Db, selectRow } from "./db.ts";

export type SessionRow = typeof sessions.$inferSelect;

interface StartSession {
  session: SessionRow;
  /** The version that the given password was checked against. */
  passwordVersion: number;
  /** The same password hashed with new parameters, where the stored hash has old ones. */
  rehash?: string | undefined;
}

/** Starts a session, unless the password was replaced or the account disabled while the hash was being computed; says
 *  whether it did. A rehash goes with it. */
export async function startSession(db: Db, { session, passwordVersion, rehash }: StartSession): Promise<boolean> {
  const sameUser = and(
    eq(users.id, session.userId),
    eq(users.passwordVersion, passwordVersion),
    isNull(users.disabledAt),
  );
  const insert = db
    .insert(sessions)
    .select(sql`${selectRow(sessions, session)} from ${users} where ${sameUser}`)
    .returning({ id: sessions.id });
  if (!rehash) return (await insert).length === 1;

  const [started] = await db.batch([insert, db.update(users).set({ passwordHash: rehash }).where(sameUser)]);
  return started.length === 1;
}
