import { lt, or } from "drizzle-orm";
import { deadMessages } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";
import { isBeyondNewest, type Stale } from "./purge.ts";

type DeadMessage = typeof deadMessages.$inferSelect;

/** Anyone can make messages that no provider accepts, so their number is bounded too. */
const MAX_KEPT = 10_000;

/** Keeps a message that could not be sent. Keeping it twice has no effect. */
export const keepDeadMessage = (db: Db, message: DeadMessage) =>
  db.insert(deadMessages).values(message).onConflictDoNothing();

/** Dead messages from before `before`, and those beyond the newest 10,000. */
export const staleDeadMessages = (before: number): Stale => ({
  table: deadMessages,
  where: or(lt(deadMessages.createdAt, before), isBeyondNewest(deadMessages, MAX_KEPT)),
});
