import { env } from "cloudflare:workers";
import type { TABLES } from "./world.ts";

/**
 * Reads and arranges the database directly, where no request shows or causes the state that a test
 * needs.
 */

type Table = (typeof TABLES)[number];
// biome-ignore lint/suspicious/noExplicitAny: columns hold what the schema says
type Row = any;

/** Every row of a table, oldest first. */
export const rows = async (table: Table): Promise<Row[]> =>
  (await env.DB.prepare(`select * from ${table} order by rowid`).all<Row>()).results;

/** The first row of a table. Throws if there is none. */
export async function firstRow(table: Table): Promise<Row> {
  const [row] = await rows(table);
  if (!row) throw new Error(`${table} is empty`);
  return row;
}

export const rowCount = async (table: Table) => (await rows(table)).length;

/** The number of revocations that the schedule still has to write to the denylist. */
export const waitingDenials = async () =>
  (await rows("denylist_outbox")).filter(({ denied_at }) => denied_at === null).length;

/** The types of the recorded events, oldest first. */
export const eventTypes = async () => (await rows("audit_events")).map(({ type }) => type);

export const eventCount = async (type: string) => (await eventTypes()).filter((each) => each === type).length;

export const openSecretCount = async () =>
  (await rows("one_time_secrets")).filter(({ spent_at }) => spent_at === null).length;

/** The number of times that codes were compared. */
export const attemptCount = async () =>
  (await rows("one_time_secrets")).reduce((sum, { attempts }) => sum + Number(attempts), 0);

/** The sessions of the events of a type. */
export const eventSessions = async (type: string) =>
  (await rows("audit_events")).filter((event) => event.type === type).map(({ session_id }) => session_id);

export const passwordHashes = async (): Promise<string[]> => (await rows("passwords")).map(({ hash }) => hash);

/** Inserts a user without an identifier. */
export const insertUser = (id: string) =>
  env.DB.prepare("insert into users (id, created_at, updated_at) values (?, 0, 0)").bind(id).run();

/** Links an identity of the provider `acme` to a user. Returns its id. */
export async function insertIdentity(userId: string): Promise<string> {
  const id = crypto.randomUUID();
  await env.DB.prepare(
    "insert into identities (issuer, subject, id, user_id, provider, email, linked_at, last_used_at) values ('https://acme.example', ?, ?, ?, 'acme', 'jane@acme.example', 1, 2)",
  )
    .bind(id, id, userId)
    .run();
  return id;
}

// These change every account or session at once. Most tests have one.
export const replacePasswords = () => env.DB.exec("update users set credential_version = credential_version + 1");
export const revokeSessions = () => env.DB.exec("update sessions set revoked_at = 1");
export const expireSessions = () => env.DB.exec("update sessions set expires_at = 1");
export const deleteSessions = () => env.DB.exec("delete from sessions");
/** Gives every session to the user of `insertUser`. */
export const moveSessionsTo = (id: string) => env.DB.prepare("update sessions set user_id = ?").bind(id).run();
export const disableUsers = () => env.DB.exec("update users set disabled_at = 1");
export const enableUsers = () => env.DB.exec("update users set disabled_at = null");
export const deleteUsers = () => env.DB.exec("delete from users");
export const replaceEmails = () => env.DB.exec("update users set email = 'other@example.com'");
export const verifyEmails = () => env.DB.exec("update users set email_verified_at = 1");
export const verifyPhones = () => env.DB.exec("update users set phone_verified_at = 1");
export const unverifyAddresses = () =>
  env.DB.exec("update users set email_verified_at = null, phone_verified_at = null");
export const prefer = (kind: "email" | "phone") => env.DB.exec(`update users set contact = '${kind}'`);
export const removeEmails = () => env.DB.exec("update users set email = null");
export const verifyAddresses = () => env.DB.exec("update users set email_verified_at = 1, phone_verified_at = 1");
export const removePhones = () => env.DB.exec("update users set phone = null");

/** Turns every link and code into one for verification. */
export const repurposeSecrets = () => env.DB.exec("update one_time_secrets set purpose = 'verification'");

export const revokeSession = (sid: string) =>
  env.DB.prepare("update sessions set revoked_at = 1 where id = ?").bind(sid).run();

/** Lets a session expire, by its id. */
export const expireSession = (sid: string) =>
  env.DB.prepare("update sessions set expires_at = 1 where id = ?").bind(sid).run();
