import { customType, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Text that is unique and found whatever its case. Folds ASCII alone, which is all the columns hold. */
const caseless = customType<{ data: string }>({ dataType: () => "text COLLATE NOCASE" });

/** Unix time in milliseconds. */
const time = () => integer({ mode: "number" });

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
    lastUsedAt: time().notNull(),
    expiresAt: time().notNull(),
    revokedAt: time(),
    userAgent: text(),
    ip: text(),
  },
  (session) => [index("sessions_user_id").on(session.userId)],
);
