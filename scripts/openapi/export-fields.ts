/** The descriptions of the fields of `GET /users/me/export`. */
export const EXPORT_FIELDS: Record<string, string> = {
  "UserExport.user": "The account.",
  "UserExport.password": "Whether it has a password, which is stored as a hash.",
  "UserExport.totps": "Authenticator apps.",
  "UserExport.recovery_codes": "When recovery codes were created and used.",
  "UserExport.passkeys": "The passkeys.",
  "UserExport.identities": "The linked accounts at identity providers.",
  "UserExport.sessions": "The sessions. Those that have ended are kept for a short time.",
  "UserExport.trusted_devices": "The devices on which the first factor alone signs in.",
  "UserExport.grants": "What apps may do for the user.",
  "UserExport.api_keys": "The API keys.",
  "UserExport.codes": "The links and codes that were sent in the last day.",
  "UserExport.messages": "The messages that count against a limit.",
  "UserExport.notices": "Notices that have not been sent yet.",
  "UserExport.lockouts":
    "Failed guesses that still count, by their source. `source` is null for all networks together, and `locked_until` is in the year 9999 if only a reset of the password ends it.",
  "UserExport.factor_removals": "A removal of the second factors that waits.",
  "UserExport.events": "The events that are kept.",
};
