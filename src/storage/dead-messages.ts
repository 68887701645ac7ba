import { inArray, lt } from "drizzle-orm";
import { deadMessages } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

type DeadMessage = typeof deadMessages.$inferSelect;

/** Keeps a message that was never sent; one that is kept already stays as it is. */
export const keepDeadMessage = (db: Db, message: DeadMessage) =>
  db.insert(deadMessages).values(message).onConflictDoNothing();

/** Deletes at most so many from before this time. */
export async function purgeDeadMessages(db: Db, before: number, most: number): Promise<void> {
  const old = db
    .select({ id: deadMessages.id })
    .from(deadMessages)
    .where(lt(deadMessages.createdAt, before))
    .limit(most);
  await db.delete(deadMessages).where(inArray(deadMessages.id, old));
}
