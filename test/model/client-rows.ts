/** Reads the clients from the database, with what users allowed them and their codes. */

/** What a user allows a client, or a client itself. */
export interface Allowed {
  userId: string;
  clientId: string;
  scopes: string[];
  resource: string | null;
}

export interface ClientRow {
  id: string;
  firstParty: boolean;
  /** The scopes that it may have; null for all. */
  scopes: string[] | null;
  /** Its grant types. */
  grants: string[];
}

/** A code that was not purged yet. */
export interface CodeRow extends Allowed {
  /** Its digest. */
  id: string;
  /** The session of the browser. */
  sessionId: string;
  /** Both in Unix milliseconds. */
  expiresAt: number;
  spentAt: number | null;
  /** The session that it opened. */
  usedBy: string | null;
}

export interface DeviceRow {
  /** The digest of the device code. */
  id: string;
  answer: "allow" | "deny" | null;
  expiresAt: number;
}

/** A part of the snapshot. Grants are by user, client and resource, the others by id. */
export interface ClientSnapshot {
  clients: Map<string, ClientRow>;
  grants: Map<string, Allowed>;
  codes: Map<string, CodeRow>;
  devices: Map<string, DeviceRow>;
}

export const NO_CLIENTS: ClientSnapshot = {
  clients: new Map(),
  grants: new Map(),
  codes: new Map(),
  devices: new Map(),
};

export const CLIENT_QUERIES = [
  "select id, first_party as firstParty, scopes, grant_types as grants from oauth_clients",
  "select user_id as userId, client_id as clientId, nullif(resource, '') as resource, scopes from oauth_grants",
  `select digest as id, user_id as userId, client_id as clientId, resource, scope, session_id as sessionId,
     expires_at as expiresAt, spent_at as spentAt, used_by as usedBy from oauth_codes`,
  "select digest as id, answer, expires_at as expiresAt from oauth_device_codes",
];

type Raw<Row, Name extends string> = Omit<Row, Name> & Record<Name, string>;

/** Names what a user allows a client for one resource. */
export const grantKey = ({ userId, clientId, resource }: Omit<Allowed, "scopes">): string =>
  `${userId} ${clientId} ${resource ?? ""}`;

/** The single scopes of a list in one text. */
export const scopesIn = (text: string | null): string[] => (text ?? "").split(" ").filter(Boolean);

/** Parses the results of `CLIENT_QUERIES`. */
export function toClientSnapshot([clients, grants, codes, devices]: unknown[][]): ClientSnapshot {
  const rows = <Row>(found: unknown[] | undefined) => (found ?? []) as Row[];
  return {
    clients: byId(
      rows<Raw<ClientRow, "scopes" | "grants">>(clients).map((row) => ({
        ...row,
        firstParty: Boolean(row.firstParty),
        scopes: JSON.parse(row.scopes),
        grants: JSON.parse(row.grants),
      })),
    ),
    grants: new Map(
      rows<Raw<Allowed, "scopes">>(grants).map((row) => [grantKey(row), { ...row, scopes: JSON.parse(row.scopes) }]),
    ),
    codes: byId(rows<CodeRow & { scope: string }>(codes).map((row) => ({ ...row, scopes: scopesIn(row.scope) }))),
    devices: byId(rows<DeviceRow>(devices)),
  };
}

export const byId = <T extends { id: string }>(items: T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));
