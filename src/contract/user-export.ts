import type { ApiKey } from "./api-keys.ts";
import type { EventType } from "./events.ts";
import type { NoticeKind } from "./messages.ts";
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
  /** Notices that have not been sent yet. */
  notices: {
    kind: NoticeKind;
    recipient: string;
    locale: string | null;
    created_at: string;
    repeated_at: string | null;
  }[];
  /** Failed guesses that still count. */
  lockouts: {
    /** Where they come from, such as `session/…` or `network/…`; `null` for all networks. */
    source: string | null;
    failures: number;
    first_failed_at: string;
    last_failed_at: string;
    /** In the year 9999 if only a reset of the password ends it. */
    locked_until: string | null;
  }[];
  /** The removal of the second factors that an administrator asked for, while it waits. */
  factor_removals: { requested_at: string; due_at: string }[];
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
