/**
 * Secrets of an account that anyone may request. A kind that ends in `-link` carries a link, and
 * `login-code` both: a code, and in a mail a link too.
 */
const ACCOUNT_SECRETS = [
  "login-code",
  "reauthentication-code",
  "password-reset-link",
  "password-reset-code",
  "recovery-verification",
  "verification",
  "address-release-link",
] as const;

/** Secrets that give an account another address. */
export const ADDRESS_CHANGES = ["email-change", "phone-change"] as const;

/** What a one-time secret is for. It is also the kind of the message that carries the secret. */
export const SECRET_PURPOSES = [...ACCOUNT_SECRETS, ...ADDRESS_CHANGES] as const;

export type SecretPurpose = (typeof SECRET_PURPOSES)[number];

/** Messages that anyone may request. Those for an address that is taken carry no secret. */
export const REQUESTED_MESSAGES = [...ACCOUNT_SECRETS, "address-taken"] as const;

/**
 * The budgets that requested messages count against: codes that sign in, links, other codes and
 * verification codes to the addresses of an account, codes to an address that an account wants to
 * have, messages that an address is taken, and notices by text message.
 */
export const MESSAGE_BUDGETS = [
  "sign_in_codes",
  "confirmations",
  "links",
  "codes",
  "verifications",
  "address_claims",
  "taken_addresses",
  "notices",
] as const;

export type MessageBudget = (typeof MESSAGE_BUDGETS)[number];

/**
 * Who asked for a message, the least trusted first. `owner`: the request proved to come from a
 * device of the owner.
 */
export const REQUESTERS = ["anyone", "owner", "administrator"] as const;

export type Requester = (typeof REQUESTERS)[number];

/** Notices to the owner of an account, sent after the event. */
export const NOTICE_KINDS = [
  "password-changed",
  "password-voided",
  "username-changed",
  "email-changed",
  "phone-changed",
  "email-verified",
  "phone-verified",
  "email-removed",
  "phone-removed",
  "totp-added",
  "totp-removed",
  "passkey-added",
  "passkey-removed",
  "recovery-codes-created",
  "recovery-code-used",
  "password-removed",
  "identity-linked",
  "identity-unlinked",
  "api-key-created",
  "api-key-revoked",
  "factor-removal-requested",
  "factors-removed",
  "second-factor-locked",
  "refresh-token-reused",
  "account-deleted",
] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Requested messages that carry no secret. */
export type PlainKind = Exclude<(typeof REQUESTED_MESSAGES)[number], SecretPurpose>;

/** Every kind of message that is sent. The words of a message are listed under its kind. */
export type MessageKind = SecretPurpose | PlainKind | NoticeKind;
