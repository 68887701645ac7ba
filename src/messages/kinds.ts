/**
 * Every kind of requested message, one row each: the secret it carries, the lifetime of the secret,
 * the budget it counts against, and the rule that finds the recipient. `deliver.ts` treats them all
 * alike. A new kind is its name in `contract/messages.ts`, one row here, and its words in each
 * language. A notice needs only the page of its button: it goes to the address that was stored with
 * it.
 */
import type { MessageBudget, MessageKind, PlainKind, SecretPurpose } from "../contract/messages.ts";
import { type Offer, offers } from "../schemas/login-methods.ts";
import {
  claimedAddress,
  givenAddress,
  newEmail,
  newPhone,
  provenSignInAddress,
  type RecipientRule,
  registeredEmail,
  signInAddress,
  unverifiedAddress,
} from "./recipients.ts";

interface Kind {
  budget: MessageBudget;
  recipient: RecipientRule;
}

interface Digits {
  mail: 6 | 8;
  text: 6;
}

/**
 * A secret that a message carries: a link to this path of the site, or a code to type, with its
 * digits in a mail and in a text. Of one that has both, a text carries the code alone.
 */
interface SecretKind extends Kind {
  secret: { path: string; digits?: Digits & { mail: 6 } } | { digits: Digits };
  /** The setting that holds the secret's lifetime. */
  lifetime: "OTP_TTL_SECONDS" | "RESET_TOKEN_TTL_SECONDS";
}

const code = { secret: { digits: { mail: 6, text: 6 } }, lifetime: "OTP_TTL_SECONDS" } as const;
/** Eight digits where nobody minds typing them. A text keeps six: phones fill those in. */
const resetCode = { ...code, secret: { digits: { mail: 8, text: 6 } } } as const;
const link = (path: string) => ({ secret: { path }, lifetime: "RESET_TOKEN_TTL_SECONDS" }) as const;

/** Messages that carry a secret. */
export const SECRET_KINDS: Record<SecretPurpose, SecretKind> = {
  "login-code": {
    secret: { path: "/sign-in/link", digits: { mail: 6, text: 6 } },
    lifetime: "OTP_TTL_SECONDS",
    budget: "sign_in_codes",
    recipient: signInAddress,
  },
  "reauthentication-code": { ...code, budget: "confirmations", recipient: provenSignInAddress },
  "password-reset-link": { ...link("/reset-password"), budget: "links", recipient: registeredEmail },
  "password-reset-code": { ...resetCode, budget: "codes", recipient: givenAddress },
  "recovery-verification": { ...code, budget: "codes", recipient: givenAddress },
  verification: { ...code, budget: "verifications", recipient: unverifiedAddress },
  "address-release-link": { ...link("/release-address"), budget: "links", recipient: claimedAddress },
  "email-change": { ...code, budget: "address_claims", recipient: newEmail },
  "phone-change": { ...code, budget: "address_claims", recipient: newPhone },
};

/** Messages that were requested and carry no secret. */
export const PLAIN_KINDS: Record<PlainKind, Kind> = {
  "address-taken": { budget: "taken_addresses", recipient: givenAddress },
};

/** A page that a service without passwords does not have. */
const RESET_PATH = "/forgot-password";

/**
 * The hosted pages that the buttons of mails without a secret open: a reset where the password may
 * be known to others, else sign-in or what the account has recorded. Without one, as after a
 * deletion, a button writes to the people who run the service.
 */
const BUTTON_PATHS: Partial<Record<MessageKind, string>> = {
  "address-taken": "/sign-in",
  "password-changed": RESET_PATH,
  "password-voided": RESET_PATH,
  "username-changed": RESET_PATH,
  "phone-changed": RESET_PATH,
  "email-verified": RESET_PATH,
  "phone-verified": RESET_PATH,
  // The old address neither signs in nor resets the password.
  "email-changed": "/sign-in",
  "email-removed": "/account/activity",
  "phone-removed": "/account/activity",
  "refresh-token-reused": "/account/activity",
  "totp-removed": RESET_PATH,
  "passkey-removed": RESET_PATH,
  "recovery-codes-created": RESET_PATH,
  "recovery-code-used": RESET_PATH,
  "password-removed": RESET_PATH,
  "identity-unlinked": RESET_PATH,
  "factors-removed": RESET_PATH,
  "second-factor-locked": RESET_PATH,
  // A sign-in with a second factor cancels the removal, and the account page says so.
  "factor-removal-requested": "/sign-in?return_to=%2Faccount%3Fnotice%3DfactorsKept",
  // A reset of the password would not remove them.
  "totp-added": "/account",
  "passkey-added": "/account",
  "identity-linked": "/account",
  "api-key-created": "/account/api-keys",
  "api-key-revoked": "/account/api-keys",
};

/** Notices without a button to the reset that advise to change the password all the same. */
const OTHERS_ADVISING_RESET: MessageKind[] = [
  "email-changed",
  "email-removed",
  "phone-removed",
  "totp-added",
  "passkey-added",
  "identity-linked",
  "api-key-created",
  "refresh-token-reused",
];

/** Tests whether a message advises to change the password where accounts have none. */
export const advisesInVain = (deps: Offer, kind: MessageKind): boolean =>
  !offers(deps, "password") && (BUTTON_PATHS[kind] === RESET_PATH || OTHERS_ADVISING_RESET.includes(kind));

/** Returns the hosted page that the button of a mail without a secret opens. */
export const buttonPathOf = (deps: Offer, kind: MessageKind): string | undefined =>
  BUTTON_PATHS[kind] === RESET_PATH && !offers(deps, "password") ? "/account/activity" : BUTTON_PATHS[kind];
