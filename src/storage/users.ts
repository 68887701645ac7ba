import { and, eq, gt, isNull, or } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

export type UserRow = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
export type IdentifierKind = "email" | "phone" | "username";
type Taken = [IdentifierKind, ...IdentifierKind[]];

/** Creates an account, or says which identifiers others have. The unique indexes decide, also between racing requests;
 *  the second statement of the transaction reads who was there first. */
export async function createUser(db: Db, user: NewUser): Promise<{ user: UserRow } | { taken: Taken }> {
  const { email, phone, username } = user;
  const [[created], holders] = await db.batch([
    db.insert(users).values(user).onConflictDoNothing().returning(),
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
  ]);
  if (created) return { user: created };

  const kinds = ["email", "phone", "username"] as const;
  const taken = kinds.filter((kind) => holders.some((holder) => isSame(holder[kind], user[kind])));
  return { taken: taken as Taken };
}

/** What a login needs to know of the account that has this identifier. */
export async function findCredentials(db: Db, kind: IdentifierKind, value: string) {
  const [user] = await db
    .select({
      id: users.id,
      passwordHash: users.passwordHash,
      passwordVersion: users.passwordVersion,
      emailVerifiedAt: users.emailVerifiedAt,
      disabledAt: users.disabledAt,
    })
    .from(users)
    .where(eq(users[kind], value));
  return user;
}

/** The account, as long as this session of it lives. */
export async function findSessionUser(db: Db, userId: string, sessionId: string, now: number) {
  const [row] = await db
    .select({ user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sessionId),
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        isNull(users.disabledAt),
      ),
    );
  return row?.user;
}

/** As the columns compare. */
const isSame = (held: string | null, wanted: string | null | undefined) =>
  held !== null && held.toLowerCase() === wanted?.toLowerCase();
