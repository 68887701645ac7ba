import type { Device } from "./session.ts";

/**
 * The types of audit events. A type is public: it is stored, listed by the API and logged, so it
 * never changes its meaning.
 */
export const EVENT_TYPES = [
  "registered",
  "logged_in",
  "login_failed",
  "reauthenticated",
  "reauthentication_failed",
  "refresh_token_reused",
  "refresh_token_replayed",
  "logged_out",
  "session_revoked",
  "username_changed",
  "password_changed",
  "secret_sent",
  "message_withheld",
  "message_resent",
  "otp_attempted",
  "password_reset",
  "password_voided",
  "email_verified",
  "phone_verified",
  "email_changed",
  "phone_changed",
  "email_removed",
  "phone_removed",
  "account_deleted",
  "account_disabled",
  "account_enabled",
  "roles_changed",
  "reset_link_requested",
  "account_changed",
  "email_unverified",
  "phone_unverified",
  "second_factor_failed",
  "totp_added",
  "totp_removed",
  "passkey_added",
  "passkey_removed",
  "recovery_codes_created",
  "recovery_code_used",
  "password_removed",
  "factor_removal_requested",
  "factor_removal_canceled",
  "factors_removed",
  "second_factor_locked",
  "device_trusted",
  "device_untrusted",
  "identity_linked",
  "identity_unlinked",
  "client_signed_in",
  "authorization_code_reused",
  "grant_added",
  "grant_revoked",
  "api_key_created",
  "api_key_revoked",
  "imported",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/**
 * Events that need no session, so anyone can cause any number of them. They are kept for a week. A
 * change needs a migration: partial indexes list them.
 */
export const EVENTS_BY_ANYONE = [
  "login_failed",
  "secret_sent",
  "message_withheld",
  "otp_attempted",
] as const satisfies EventType[];

/** Events that are logged but not stored. */
type LoggedEventType = "otp_failed" | "locked_out";

/** Everything that a line of the security log can be about. */
export type SecurityEventType = EventType | LoggedEventType;

const SIGN_INS: EventType[] = [
  "logged_in",
  "login_failed",
  "reauthenticated",
  "reauthentication_failed",
  "second_factor_failed",
  "second_factor_locked",
  "recovery_code_used",
  "refresh_token_reused",
  "refresh_token_replayed",
  "logged_out",
  "session_revoked",
  "client_signed_in",
  "authorization_code_reused",
];
const MESSAGES: EventType[] = [
  "secret_sent",
  "message_withheld",
  "message_resent",
  "otp_attempted",
  "reset_link_requested",
];

/** The groups that a list of events can be limited to. Each type is in one of them. */
export const EVENT_GROUPS = {
  sign_ins: SIGN_INS,
  /** All other events change the account. */
  changes: EVENT_TYPES.filter((type) => !SIGN_INS.includes(type) && !MESSAGES.includes(type)),
  messages: MESSAGES,
};

export type EventGroup = keyof typeof EVENT_GROUPS;

/** The fields that every view of an audit event has. */
interface AuditEvent {
  type: EventType;
  /** ISO 8601 in UTC. */
  created_at: string;
  /** `null` if no session was involved. */
  session_id: string | null;
  user_agent: string | null;
  ip: string | null;
  /** The reason that the administrator gave. `null` if no administrator acted. */
  reason: string | null;
}

/** An event as the owner of the account sees it. */
export interface OwnEvent extends AuditEvent {
  device: Device;
  /** An administrator of the service did it. */
  by_administrator: boolean;
}

/** Which events of an account to list. */
export interface OwnEventQuery {
  /** Default: all groups. */
  group?: EventGroup | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface OwnEventList {
  events: OwnEvent[];
  /** Pass it as `cursor` to get the next page. `null` on the last page. */
  next_cursor: string | null;
}

/** An event as an administrator sees it. */
export interface AccountEvent extends AuditEvent {
  id: number;
  /** The Worker that made the call, as its own settings name it. `null` over HTTP. */
  caller: string | null;
  /** The id of the administrator who acted. `null` if it was no act of an administrator. */
  administrator: string | null;
}

/** An event of the feed. */
export interface FeedEvent extends AccountEvent {
  /** Pass it as `since` to continue after this event. No other event ever has it, unlike `id`. */
  cursor: string;
  /** `null` only in events of old versions, about no account. */
  user_id: string | null;
}

export interface EventFeed {
  /** Oldest first. May be empty although there are more. */
  events: FeedEvent[];
  /** Pass it as `since` to continue, now or later. */
  next: string;
  /** More events can be read now. */
  more: boolean;
}

export interface AccountEventList {
  events: AccountEvent[];
  /** Pass it as `cursor` to get the next page. `null` on the last page. */
  next_cursor: string | null;
}
