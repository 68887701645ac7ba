import type { EventGroup, EventType } from "../../contract/events.ts";

/** Short descriptions of events, by type. */
const byType: Record<EventType, string> = {
  registered: "Account created",
  logged_in: "Signed in",
  login_failed: "Sign-in failed",
  reauthenticated: "Password confirmed",
  reauthentication_failed: "Incorrect password entered",
  second_factor_failed: "Incorrect second step at sign-in",
  recovery_code_used: "Recovery code used",
  totp_added: "Authenticator app added",
  totp_removed: "Authenticator app removed",
  passkey_added: "Passkey added",
  passkey_removed: "Passkey removed",
  recovery_codes_created: "New recovery codes created",
  password_removed: "Password removed",
  factor_removal_requested: "Removal of second factors requested",
  factor_removal_canceled: "Second factors kept after a request to remove them",
  factors_removed: "Second factors removed",
  second_factor_locked: "Many incorrect codes: second step locked",
  device_trusted: "Browser trusted at sign-in",
  device_untrusted: "Trust in a browser ended",
  refresh_token_reused: "Signed out because a copy of the session was used",
  refresh_token_replayed: "Session used in two places at once",
  logged_out: "Signed out",
  session_revoked: "Device signed out",
  username_changed: "Username changed",
  password_changed: "Password changed",
  secret_sent: "Link or code sent",
  message_withheld: "Message not sent because of too many requests",
  otp_attempted: "Code entered",
  password_reset: "Password reset",
  password_voided: "Password removed by an administrator",
  email_verified: "Email verified",
  phone_verified: "Phone number verified",
  email_unverified: "Email no longer verified",
  phone_unverified: "Phone number no longer verified",
  email_changed: "Email changed",
  phone_changed: "Phone number changed",
  email_removed: "Email removed",
  phone_removed: "Phone number removed",
  account_changed: "Account changed by an administrator",
  account_deleted: "Account deleted",
  account_disabled: "Account disabled",
  account_enabled: "Account enabled",
  roles_changed: "Roles changed",
  reset_link_requested: "Password reset link requested by an administrator",
};

const groups: Record<EventGroup | "all", string> = {
  all: "All",
  sign_ins: "Sign-ins",
  changes: "Changes",
  messages: "Messages and codes",
};

export const events = {
  title: "Recent activity",
  filter: "Filter by type",
  groups,
  none: "No activity of this type yet.",
  newer: "Newer",
  older: "Older",
  byType,
};

export type EventsMessages = typeof events;
