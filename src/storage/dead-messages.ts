import { inArray, lt } from "drizzle-orm";
import { deadMessages } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

type DeadMessage = typeof deadMessages.$inferSelect;

/** Keeps a message that could not be sent. Keeping it twice has no effect. */
export const keepDeadMessage = (db: Db, message: DeadMessage) =>
  db.insert(deadMessages).values(message).onConflictDoNothing();

/** Deletes at max `max` dead messages older than `before`. */
export async function purgeDeadMessages(db: Db, before: number, max: number): Promise<void> {
  const old = db
    .select({ id: deadMessages.id })
    .from(deadMessages)
    .where(lt(deadMessages.createdAt, before))
    .limit(max);
  await db.delete(deadMessages).where(inArray(deadMessages.id, old));
}
