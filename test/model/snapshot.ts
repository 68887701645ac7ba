import { env } from "cloudflare:workers";
import { ACCOUNTS, toAccount, type UserRow } from "./account-rows.ts";
import { byId, CLIENT_QUERIES, type ClientSnapshot, NO_CLIENTS, toClientSnapshot } from "./client-rows.ts";
import { KEY_QUERIES, type KeySnapshot, NO_KEYS, toKeySnapshot } from "./key-rows.ts";
import { type ActName, type Step, singlesOf } from "./steps.ts";

/** After this many wrong proofs a second factor is locked until the password changes. */
export const MAX_WRONG_FACTORS = 100;
/** What a new password leaves of them. */
export const WRONG_FACTORS_LEFT = 50;

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
  /** The secret of the confirmed authenticator app. */
  app: string | null;
  /** The ids of the passkeys. */
  passkeys: string[];
  /** The digests of the recovery codes, spent ones included. */
  codes: string[];
  identities: { key: string; id: string }[];
  /** When an address was first proven, in Unix milliseconds. */
  firstProofAt: number | null;
  /** The names of the user. */
  profile: string;
  /** Whether a factor is older than the first proof of an address. */
  hasUnprovenFactor: boolean;
  roles: string[];
  /** When the removal of the second factors is due, in Unix milliseconds. */
  removalDueAt: number | null;
  /** The wrong proofs of a second factor that count. */
  wrongFactors: number;
  /** The kinds of the notices that wait. */
  notices: string[];
}

export const hasSecondFactor = ({ app, passkeys }: Account): boolean => app !== null || passkeys.length > 0;

/**
 * Tests whether a recovery, or a code that signs in, was the first proof of an address of this
 * account (DESIGN §6).
 */
export const isTakenClean = (step: Step, old: Account | undefined, account: Account): boolean =>
  old?.proven.length === 0 &&
  account.proven.length > 0 &&
  (old.passwordHash !== account.passwordHash ||
    (old.credentialVersion !== account.credentialVersion &&
      singlesOf(step).some(({ act }) => SIGN_IN_BY_MAIL.has(act))));
const SIGN_IN_BY_MAIL = new Set<string>(["typeLoginCode", "openLoginLink"] satisfies ActName[]);

/** A session that is neither revoked nor expired. */
export interface LiveSession {
  id: string;
  userId: string;
  generation: number;
  rotatedAt: number | null;
  expiresAt: number;
  amr: string[];
  /** The client that has it, with what it may do. Null for a session of a browser. */
  clientId: string | null;
  scope: string | null;
  resource: string | null;
}

/** A link or code that is neither spent nor expired. */
export interface OpenSecret {
  id: string;
  userId: string;
  purpose: string;
  address: string;
  requestedBy: string;
  expiresAt: number;
}

/** A sign-up that waits for its code. */
export interface SignUp {
  id: string;
  address: string;
  expiresAt: number;
}

/** A code or link that signed in: whose it was, and whether there is a session that it opened. */
export interface UsedCode {
  id: string;
  userId: string;
  isOpened: number;
}

/** An account at an identity provider, by issuer and subject. */
export interface Identity {
  key: string;
  id: string;
  userId: string;
  /** Unix milliseconds. */
  linkedAt: number;
}

/** A challenge or a state at a provider that was used, and whether there is its session. */
export interface Spent {
  id: string;
  usedBy: string;
  isOpened: number;
}

/** The state of the database between two steps. */
export interface Snapshot extends ClientSnapshot, KeySnapshot {
  at: number;
  accounts: Map<string, Account>;
  sessions: Map<string, LiveSession>;
  secrets: Map<string, OpenSecret>;
  signUps: Map<string, SignUp>;
  usedCodes: Map<string, UsedCode>;
  /** By issuer and subject. */
  identities: Map<string, Identity>;
  spent: Map<string, Spent>;
  /** The sessions about which a reuse of the refresh token was recorded. */
  reported: Set<string>;
  /** The sessions that were opened. The others replaced one. */
  opened: Set<string>;
  /** The sessions that a proof was used up for, and whether there is such a session. */
  uses: Map<string, boolean>;
}

export const NOTHING: Snapshot = {
  ...NO_CLIENTS,
  ...NO_KEYS,
  at: 0,
  accounts: new Map(),
  sessions: new Map(),
  secrets: new Map(),
  signUps: new Map(),
  usedCodes: new Map(),
  identities: new Map(),
  spent: new Map(),
  reported: new Set(),
  opened: new Set(),
  uses: new Map(),
};

interface SessionRow extends Omit<LiveSession, "amr"> {
  amr: string;
}

/** Reads the primary, past the faults of the scenario. */
export async function takeSnapshot(): Promise<Snapshot> {
  const at = Date.now();
  const query = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values);
  const results = await env.DB.batch([
    query(ACCOUNTS),
    query(
      `select id, user_id as userId, generation, rotated_at as rotatedAt, expires_at as expiresAt, amr,
         client_id as clientId, scope, resource from sessions where revoked_at is null and expires_at > ?`,
      at,
    ),
    query(
      `select id, user_id as userId, purpose, address, requested_by as requestedBy, expires_at as expiresAt
       from one_time_secrets where spent_at is null and expires_at > ?`,
      at,
    ),
    query("select session_id as id from audit_events where type like 'refresh_token%'"),
    query("select session_id as id from audit_events where type = 'logged_in'"),
    query(
      `select used_by as id, exists (select 1 from sessions where id = used_by) as isOpened from (
         select used_by from totps where confirmed_at is not null union select used_by from recovery_codes union select used_by from spent_challenges)
       where used_by is not null`,
    ),
    query("select id, address, expires_at as expiresAt from pending_sign_ups where expires_at > ?", at),
    query(
      `select id, user_id as userId, exists (select 1 from sessions where id = used_by) as isOpened
       from one_time_secrets where used_by is not null`,
    ),
    query("select issuer || ' ' || subject as key, id, user_id as userId, linked_at as linkedAt from identities"),
    query(
      `select id, used_by as usedBy, exists (select 1 from sessions where id = used_by) as isOpened
       from spent_challenges`,
    ),
    ...[...CLIENT_QUERIES, ...KEY_QUERIES].map((sql) => query(sql)),
  ]);
  const found = results.map(({ results: each }) => each);
  const clientsFrom = found.length - CLIENT_QUERIES.length - KEY_QUERIES.length;
  const rows = <Row>(n: number) => (found[n] ?? []) as Row[];
  return {
    ...toClientSnapshot(found.slice(clientsFrom)),
    ...toKeySnapshot(found.slice(-KEY_QUERIES.length)),
    at,
    accounts: byId(await Promise.all(rows<UserRow>(0).map(toAccount))),
    sessions: byId(rows<SessionRow>(1).map((row) => ({ ...row, amr: JSON.parse(row.amr) }))),
    secrets: byId(rows<OpenSecret>(2)),
    signUps: byId(rows<SignUp>(6)),
    usedCodes: byId(rows<UsedCode>(7)),
    identities: new Map(rows<Identity>(8).map((identity) => [identity.key, identity])),
    spent: byId(rows<Spent>(9)),
    reported: new Set(rows<{ id: string }>(3).map(({ id }) => id)),
    opened: new Set(rows<{ id: string }>(4).map(({ id }) => id)),
    uses: new Map(rows<{ id: string; isOpened: number }>(5).map(({ id, isOpened }) => [id, isOpened === 1])),
  };
}

/** The same rows, now. */
export function laterThan(snapshot: Snapshot): Snapshot {
  const at = Date.now();
  const open = <T extends { id: string; expiresAt: number }>(items: Map<string, T>) =>
    byId([...items.values()].filter(({ expiresAt }) => expiresAt > at));
  const { sessions, secrets, signUps } = snapshot;
  return { ...snapshot, at, sessions: open(sessions), secrets: open(secrets), signUps: open(signUps) };
}
