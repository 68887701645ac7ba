import type { ApiKey } from "./api-keys.ts";
import type { EventType } from "./events.ts";
import type { User } from "./user.ts";

/** What the service stores about a user, without secrets. Times are ISO 8601 in UTC. */
export interface UserExport {
  user: User;
  /** Whether the account has a password. It is stored as a hash. */
  password: boolean;
  totps: { created_at: string; confirmed_at: string | null }[];
  recovery_codes: { created_at: string; spent_at: string | null }[];
  passkeys: {
    id: string;
    name: string;
    aaguid: string;
    transports: string[];
    backed_up: boolean;
    created_at: string;
    last_used_at: string | null;
  }[];
  identities: {
    id: string;
    provider: string;
    issuer: string;
    subject: string;
    email: string | null;
    linked_at: string;
    last_used_at: string | null;
  }[];
  /** Those that have ended are kept for a short time. */
  sessions: {
    id: string;
    client_id: string | null;
    scope: string | null;
    amr: string[];
    ip: string | null;
    user_agent: string | null;
    created_at: string;
    authenticated_at: string;
    last_used_at: string;
    expires_at: string;
    revoked_at: string | null;
  }[];
  trusted_devices: {
    id: string;
    ip: string | null;
    user_agent: string | null;
    created_at: string;
    last_used_at: string;
    expires_at: string;
  }[];
  /** What apps of others may do for the user. */
  grants: { client_id: string; resource: string; scopes: string[]; granted_at: string }[];
  api_keys: ApiKey[];
  /** Links and codes that were sent in the last day. */
  codes: { purpose: string; address: string; requested_at: string; expires_at: string; spent_at: string | null }[];
  /** Messages that count against a limit. */
  messages: { recipient: string; country: string | null; network: string | null; created_at: string }[];
  events: {
    type: EventType;
    ip: string | null;
    user_agent: string | null;
    session_id: string | null;
    caller: string | null;
    reason: string | null;
    created_at: string;
  }[];
}
