import { env } from "cloudflare:workers";

/** An account as the database holds it. */
export interface Account {
  id: string;
  email: string | null;
  phone: string | null;
  /** The addresses that count as proven. */
  proven: string[];
  username: string | null;
  disabled: boolean;
  credentialVersion: number;
  passwordHash: string | null;
}

/** A session that is neither revoked nor expired. */
export interface LiveSession {
  id: string;
  userId: string;
  generation: number;
  rotatedAt: number | null;
  expiresAt: number;
}

/** A link or code that is neither spent nor expired. */
export interface OpenSecret {
  id: string;
  userId: string;
  purpose: string;
  expiresAt: number;
}

/** The state of the database between two steps. */
export interface Snapshot {
  at: number;
  accounts: Map<string, Account>;
  sessions: Map<string, LiveSession>;
  secrets: Map<string, OpenSecret>;
  /** The sessions about which a reuse of the refresh token was recorded. */
  reported: Set<string>;
}

export const NOTHING: Snapshot = {
  at: 0,
  accounts: new Map(),
  sessions: new Map(),
  secrets: new Map(),
  reported: new Set(),
};

interface UserRow {
  id: string;
  email: string | null;
  email_verified_at: number | null;
  phone: string | null;
  phone_verified_at: number | null;
  username: string | null;
  disabled_at: number | null;
  credential_version: number;
  hash: string | null;
}

/** Reads the primary, past the faults of the scenario. */
export async function takeSnapshot(): Promise<Snapshot> {
  const at = Date.now();
  const query = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values);
  const results = await env.DB.batch([
    query("select users.*, hash from users left join passwords on user_id = users.id"),
    query(
      `select id, user_id as userId, generation, rotated_at as rotatedAt, expires_at as expiresAt
       from sessions where revoked_at is null and expires_at > ?`,
      at,
    ),
    query(
      `select id, user_id as userId, purpose, expires_at as expiresAt from one_time_secrets where spent_at is null and expires_at > ?`,
      at,
    ),
    query("select session_id as id from audit_events where type like 'refresh_token%'"),
  ]);
  const rows = <Row>(n: number) => (results[n]?.results ?? []) as Row[];
  return {
    at,
    accounts: byId(rows<UserRow>(0).map(toAccount)),
    sessions: byId(rows<LiveSession>(1)),
    secrets: byId(rows<OpenSecret>(2)),
    reported: new Set(rows<{ id: string }>(3).map(({ id }) => id)),
  };
}

/** The same rows, now. */
export function laterThan(snapshot: Snapshot): Snapshot {
  const at = Date.now();
  const open = <T extends { id: string; expiresAt: number }>(items: Map<string, T>) =>
    byId([...items.values()].filter(({ expiresAt }) => expiresAt > at));
  return { ...snapshot, at, sessions: open(snapshot.sessions), secrets: open(snapshot.secrets) };
}

const byId = <T extends { id: string }>(items: T[]) => new Map(items.map((item) => [item.id, item]));

function toAccount(row: UserRow): Account {
  const { id, email, phone, username } = row;
  const proven = [row.email_verified_at === null ? null : email, row.phone_verified_at === null ? null : phone];
  return {
    id,
    email,
    phone,
    proven: proven.filter((address) => address !== null),
    username,
    disabled: row.disabled_at !== null,
    credentialVersion: row.credential_version,
    passwordHash: row.hash,
  };
}
