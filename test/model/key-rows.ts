/** Reads the API keys from the database, with the events and notices about them. */
import { byId } from "./client-rows.ts";

export interface KeyRow {
  id: string;
  /** A user or a client. */
  ownerId: string;
  scopes: string[];
  /** Unix milliseconds. Null for a key that does not expire. */
  expiresAt: number | null;
}

/** An event or a notice about a key. */
export interface KeyRecord {
  id: string;
  type: string;
  userId: string;
  createdAt: number;
}

/** A part of the snapshot. */
export interface KeySnapshot {
  keys: Map<string, KeyRow>;
  /** Events by id and time: a new one may replace the oldest. */
  keyEvents: Map<string, KeyRecord>;
  /** The notices that wait. */
  keyNotices: Map<string, KeyRecord>;
}

export const NO_KEYS: KeySnapshot = { keys: new Map(), keyEvents: new Map(), keyNotices: new Map() };

export const KEY_QUERIES = [
  "select id, coalesce(user_id, client_id) as ownerId, scopes, expires_at as expiresAt from api_keys",
  `select id || ' ' || created_at as id, type, user_id as userId, created_at as createdAt from audit_events
     where type like 'api_key_%'`,
  "select id, kind as type, user_id as userId, created_at as createdAt from notices where kind like 'api-key-%'",
];

/** Parses the results of `KEY_QUERIES`. */
export function toKeySnapshot([keys = [], events = [], notices = []]: unknown[][]): KeySnapshot {
  const rows = keys as (Omit<KeyRow, "scopes"> & { scopes: string })[];
  return {
    keys: byId(rows.map((row) => ({ ...row, scopes: JSON.parse(row.scopes) }))),
    keyEvents: byId(events as KeyRecord[]),
    keyNotices: byId(notices as KeyRecord[]),
  };
}
