/** The access of a client to one API, as a user allowed it. */
export interface Permission {
  /** The API (RFC 8707). `null` for the service itself. */
  resource: string | null;
  scopes: string[];
  /** ISO 8601 in UTC. */
  granted_at: string;
}

/** A client that may act for a user. */
export interface Grant {
  client_id: string;
  client_name: string;
  /** The client belongs to the operator, who need not ask. */
  first_party: boolean;
  permissions: Permission[];
  /** When an active session of it was used last. `null`: it has none. ISO 8601 in UTC. */
  last_used_at: string | null;
}

export interface GrantList {
  grants: Grant[];
}
