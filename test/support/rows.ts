import { env } from "cloudflare:workers";

/** Reads and arranges the database directly, where no request shows or causes the state that a test needs. */

type Table =
  | "users"
  | "sessions"
  | "denylist_outbox"
  | "audit_events"
  | "dead_messages"
  | "one_time_secrets"
  | "requested_messages"
  | "notices"
  | "lockouts";
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

/** The types of the recorded events, oldest first. */
export const eventTypes = async () => (await rows("audit_events")).map(({ type }) => type);

export const eventCount = async (type: string) => (await eventTypes()).filter((each) => each === type).length;

export const openSecretCount = async () =>
  (await rows("one_time_secrets")).filter(({ spent_at }) => spent_at === null).length;

/** How often codes were compared. */
export const attemptCount = async () =>
  (await rows("one_time_secrets")).reduce((sum, { attempts }) => sum + Number(attempts), 0);

// What happens to every account at once. Most tests have one.
export const disableUsers = () => env.DB.exec("update users set disabled_at = 1");
export const enableUsers = () => env.DB.exec("update users set disabled_at = null");
export const deleteUsers = () => env.DB.exec("delete from users");
export const replaceEmails = () => env.DB.exec("update users set email = 'other@example.com'");
export const removeEmails = () => env.DB.exec("update users set email = null");
export const removePhones = () => env.DB.exec("update users set phone = null");

/** Turns every link and code into one for verification. */
export const repurposeSecrets = () => env.DB.exec("update one_time_secrets set purpose = 'verification'");

/** Lets a session expire, by its id. */
export const expireSession = (sid: string) =>
  env.DB.prepare("update sessions set expires_at = 1 where id = ?").bind(sid).run();
