/** What a one-time secret is for. The kinds of messages in `messages/kinds.ts` carry them. */
export const SECRET_PURPOSES = [
  "password-reset-link",
  "password-reset-code",
  "verification",
  "email-change",
  "phone-change",
] as const;

export type SecretPurpose = (typeof SECRET_PURPOSES)[number];

/** What an owner is told about afterwards. */
export const NOTICE_KINDS = ["password-changed", "email-changed", "phone-changed", "refresh-token-reused"] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];
