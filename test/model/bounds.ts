/** The limits of growth. Each query counts the worst case; times are relative to `now`. */
import { env } from "cloudflare:workers";

/** REFRESH_REUSE_WINDOW_SECONDS. */
export const REFRESH_REUSE_WINDOW_MILLISECONDS = 30_000;

interface Bound {
  what: string;
  /** Selects one number `n`. `?1` is now, in Unix milliseconds. */
  sql: string;
  max: number;
}

const DAY = 86_400_000;

/** The largest group of the rows that match. */
const largest = (table: string, group: string, where = "1") =>
  `select coalesce(max(n), 0) as n from (select count(*) as n from ${table} where ${where} and ?1 > 0 group by ${group})`;
const total = (table: string, where = "1") => `select count(*) as n from ${table} where ${where} and ?1 > 0`;

export const BOUNDS: Bound[] = [
  {
    what: "live sessions of an account in browsers, or with one client",
    sql: largest("sessions", "user_id, client_id", "revoked_at is null and expires_at > ?1"),
    max: 20,
  },
  { what: "trusted devices of an account", sql: largest("trusted_devices", "user_id"), max: 10 },
  {
    what: "open links and codes of one purpose and requester for one address",
    sql: largest("one_time_secrets", "user_id, purpose, address, requested_by", "spent_at is null and expires_at > ?1"),
    max: 1,
  },
  {
    what: "messages that one account causes in a day",
    sql: largest("requested_messages", "user_id", `created_at > ?1 - ${DAY}`),
    max: 60,
  },
  {
    what: "messages to one address in half an hour",
    sql: largest("requested_messages", "recipient", "created_at > ?1 - 1800000"),
    max: 20,
  },
  { what: "events without an account", sql: total("audit_events", "user_id is null"), max: 0 },
  { what: "events of one type of an account", sql: largest("audit_events", "user_id, type"), max: 50 },
  { what: "notices that wait for an account", sql: largest("notices", "user_id"), max: 20 },
  { what: "passwords of an account", sql: largest("passwords", "user_id"), max: 1 },
  { what: "passkeys of an account", sql: largest("passkeys", "user_id"), max: 20 },
  { what: "recovery codes of an account", sql: largest("recovery_codes", "user_id"), max: 10 },
  { what: "identities of an account", sql: largest("identities", "user_id"), max: 20 },
  { what: "grants of a client for a resource", sql: largest("oauth_grants", "user_id, client_id, resource"), max: 1 },
  {
    what: "devices of a network that wait for an answer",
    sql: largest("oauth_device_codes", "client_id, network", "answer is null and expires_at > ?1"),
    max: 50,
  },
  { what: "lockouts", sql: total("lockouts"), max: 50 },
];

/** The bounds that do not hold, each with its count. */
export async function brokenBounds(): Promise<string[]> {
  const counts = await env.DB.batch<{ n: number }>(BOUNDS.map(({ sql }) => env.DB.prepare(sql).bind(Date.now())));
  return BOUNDS.flatMap(({ what, max }, index) => {
    const n = counts[index]?.results[0]?.n ?? 0;
    return n > max ? [`${n} ${what}, at most ${max}`] : [];
  });
}
