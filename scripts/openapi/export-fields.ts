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
  "UserExport.events": "The events that are kept.",
};
