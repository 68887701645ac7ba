import { sql } from "drizzle-orm";
import { customType, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Text that is unique and found whatever its case. Folds ASCII alone, which is all the columns hold. */
const caseless = customType<{ data: string }>({ dataType: () => "text COLLATE NOCASE" });

/** Unix time in milliseconds. */
const time = () => integer({ mode: "number" });

export const EVENT_TYPES = [
  "registered",
  "logged_in",
  "login_failed",
  "reauthentication_failed",
  "refresh_token_reused",
  "logged_out",
  "session_revoked",
  "username_changed",
  "password_changed",
  "account_deleted",
] as const;

export const users = sqliteTable("users", {
  id: text().primaryKey(),
  email: caseless().unique(),
  emailVerifiedAt: time(),
  phone: text().unique(),
  phoneVerifiedAt: time(),
  username: caseless().unique(),
  passwordHash: text().notNull(),
  /** Counts replaced passwords, not rehashes: a login that began under an older one starts no session. */
  passwordVersion: integer().notNull().default(0),
  firstName: text(),
  lastName: text(),
  contact: text({ enum: ["email", "phone"] }),
  shortDescription: text(),
  disabledAt: time(),
  createdAt: time().notNull(),
  updatedAt: time().notNull(),
});

/** One row a login. It stores no token: `generation` says which refresh token is the current one. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    generation: integer().notNull().default(0),
    createdAt: time().notNull(),
    /** When the generation last rose. */
    rotatedAt: time(),
    lastUsedAt: time().notNull(),
    expiresAt: time().notNull(),
    revokedAt: time(),
    userAgent: text(),
    ip: text(),
  },
  // With `revokedAt`, so that the dead sessions of a busy user cost its living ones nothing. The purge goes by `createdAt`, which never changes: an index on `expiresAt` would cost each refresh a second write.
  (session) => [
    index("sessions_of_user").on(session.userId, session.revokedAt),
    index("sessions_created_at").on(session.createdAt),
  ],
);

/** Revoked sessions that the schedule has yet to write into the denylist. Written with the revocation, so that no failure
 *  of KV or of the Worker loses one, and without a foreign key, so that it outlives its account. */
export const denylistOutbox = sqliteTable(
  "denylist_outbox",
  {
    sessionId: text().primaryKey(),
    revokedAt: time().notNull(),
    /** When no token of the session can be alive any more. */
    expiresAt: time().notNull(),
  },
  (entry) => [index("denylist_outbox_revoked_at").on(entry.revokedAt)],
);

/** What happened to an account. No foreign keys: an event outlives its session and its user. */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    id: integer().primaryKey(),
    type: text({ enum: EVENT_TYPES }).notNull(),
    createdAt: time().notNull(),
    ip: text(),
    userAgent: text(),
    /** Null when somebody tried to log in to an account that does not exist. */
    userId: text(),
    sessionId: text(),
  },
  // Failed logins apart, which anybody can add to: they must neither hide the rest nor make finding it slow.
  (event) => [
    index("audit_events_of_user").on(event.userId, event.createdAt).where(sql`type <> 'login_failed'`),
    index("audit_events_login_failures").on(event.userId, event.createdAt).where(sql`type = 'login_failed'`),
    index("audit_events_created_at").on(event.createdAt),
  ],
);

/** Messages that were never sent, to be looked into and perhaps put into the queue again. */
export const deadMessages = sqliteTable(
  "dead_messages",
  {
    /** The queue's own. */
    id: text().primaryKey(),
    /** JSON, as it was queued. */
    body: text().notNull(),
    createdAt: time().notNull(),
  },
  (message) => [index("dead_messages_created_at").on(message.createdAt)],
);
