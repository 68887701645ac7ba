import { sql } from "drizzle-orm";
import { customType, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { EVENT_TYPES, EVENTS_BY_ANYONE } from "../src/contract/events.ts";
import { NOTICE_KINDS, SECRET_PURPOSES } from "../src/contract/messages.ts";

/** Text that is unique and found whatever its case. Folds ASCII alone, which is all the columns hold. */
const caseless = customType<{ data: string }>({ dataType: () => "text COLLATE NOCASE" });

/** Unix time in milliseconds. */
const time = () => integer({ mode: "number" });

/** Profile fields that users set. The fields on the wire are in `src/schemas/profile.ts`. */
export const profileColumns = {
  firstName: text(),
  lastName: text(),
  contact: text({ enum: ["email", "phone"] }),
  shortDescription: text(),
  /** BCP 47. */
  locale: text(),
};

export const users = sqliteTable("users", {
  id: text().primaryKey(),
  email: caseless().unique(),
  emailVerifiedAt: time(),
  phone: text().unique(),
  phoneVerifiedAt: time(),
  username: caseless().unique(),
  /** Rises with every change of a credential, not with a rehash. A proof made under an older version is void. */
  credentialVersion: integer().notNull().default(0),
  ...profileColumns,
  disabledAt: time(),
  createdAt: time().notNull(),
  updatedAt: time().notNull(),
  /** What administrators let the user do, as other services understand it. */
  roles: text({ mode: "json" }).$type<string[]>().notNull().default([]),
});

/** Password hashes. An account without a password has no row. */
export const passwords = sqliteTable("passwords", {
  userId: text()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** PHC string. */
  hash: text().notNull(),
});

/** One row per sign-in. No token is stored: `generation` tells which refresh token is current. */
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
    /** How the user authenticated (RFC 8176). */
    amr: text({ mode: "json" }).$type<string[]>().notNull().default(["pwd"]),
    /** When the user last proved a credential in this session. */
    authenticatedAt: time().notNull().default(0),
    /** The OAuth client that the session belongs to; null for first-party sign-ins. */
    clientId: text(),
    /** The OAuth scope that was granted. */
    scope: text(),
    /** The resource indicator that was granted (RFC 8707). */
    resource: text(),
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

/** Events that need no session. SQL literals, not parameters: SQLite has to see that a partial index covers the query. */
export const BY_ANYONE = sql.raw(`(${EVENTS_BY_ANYONE.map((type) => `'${type}'`).join(", ")})`);

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
    /** The Worker that it came through, as its own settings name it; null over HTTP. */
    caller: text(),
  },
  // What anybody can add to stands apart: it must neither hide the rest nor make finding it slow.
  (event) => [
    index("audit_events_by_owner").on(event.userId, event.createdAt).where(sql`type not in ${BY_ANYONE}`),
    index("audit_events_by_anyone").on(event.userId, event.createdAt).where(sql`type in ${BY_ANYONE}`),
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

/** Links and codes that were sent, one row each: a link's digest finds it, a code is looked for by its user. */
export const oneTimeSecrets = sqliteTable(
  "one_time_secrets",
  {
    /** Of the queue's message that asked for it, so that a repeated delivery makes no second one. */
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text({ enum: SECRET_PURPOSES }).notNull(),
    /** Where it was sent. It is of no use once that is no address of its user, but for a change to it. */
    address: text().notNull(),
    digest: text().notNull(),
    /** When the message was queued: of two secrets the later one counts, in whatever order they are delivered. */
    requestedAt: time().notNull(),
    expiresAt: time().notNull(),
    /** When it was used, or made way for a newer one. */
    spentAt: time(),
    attempts: integer().notNull().default(0),
    lastAttemptAt: time(),
  },
  (secret) => [
    index("one_time_secrets_of_user").on(secret.userId),
    index("one_time_secrets_digest").on(secret.digest),
    index("one_time_secrets_expires_at").on(secret.expiresAt),
  ],
);

/** What is told to the owner of an account, until it has been sent: written with what it tells of, so that no failure loses
 *  it. */
export const notices = sqliteTable(
  "notices",
  {
    id: text().primaryKey(),
    kind: text({ enum: NOTICE_KINDS }).notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The owner's address before anything was done. */
    recipient: text().notNull(),
    /** BCP 47, of the request; the user's own goes before it. */
    locale: text(),
    createdAt: time().notNull(),
    /** When the schedule put it into the queue again. */
    repeatedAt: time(),
  },
  (notice) => [
    index("notices_of_user").on(notice.userId),
    index("notices_created_at").on(notice.createdAt),
    index("notices_unrepeated").on(notice.createdAt).where(sql`repeated_at is null`),
  ],
);

/** Messages that somebody asked for, to count them against their budgets. No foreign key: deleting an account must not
 *  bring a budget back. */
export const requestedMessages = sqliteTable(
  "requested_messages",
  {
    /** The queue's own. */
    id: text().primaryKey(),
    userId: text().notNull(),
    recipient: text().notNull(),
    /** E.164's, of a text; null for mail. */
    callingCode: text(),
    /** `recovery`: the recipient has the account that the message is about. `address_claim`: somebody else wants this address, whose
     *  owner's own messages must not be used up by that. */
    kind: text({ enum: ["recovery", "address_claim"] }).notNull(),
    createdAt: time().notNull(),
  },
  (message) => [
    index("requested_messages_to").on(message.recipient, message.kind, message.createdAt),
    index("requested_messages_of_user").on(message.userId, message.kind, message.createdAt),
    index("requested_messages_country").on(message.callingCode, message.createdAt),
    index("requested_messages_texts").on(message.createdAt).where(sql`calling_code is not null`),
    index("requested_messages_created_at").on(message.createdAt),
  ],
);

/** Failed guesses at an account in a row, by password or by code alike. No foreign key: there may be no such account. */
export const lockouts = sqliteTable(
  "lockouts",
  {
    /** The account's id, or a digest that stands for an identifier which nobody has. */
    subject: text().primaryKey(),
    failures: integer().notNull(),
    lastFailedAt: time().notNull(),
    /** Every guess is refused until then. */
    lockedUntil: time().notNull(),
  },
  (lockout) => [index("lockouts_last_failed_at").on(lockout.lastFailedAt)],
);
