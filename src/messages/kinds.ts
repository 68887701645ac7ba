/**
 * Every kind of message, one row each: its wording, the secret it carries, the lifetime of the
 * secret, the budget it counts against, and the rule that finds the recipient. `deliver.ts` treats
 * them all alike. A new kind is one row, its words in each language, and its name in
 * `contract/messages.ts` (a secret or a notice) or `schemas/message.ts`.
 */
import type { NoticeKind, SecretPurpose } from "../contract/messages.ts";
import type { RequestedMessage } from "../storage/message-budgets.ts";
import {
  givenAddress,
  newEmail,
  newPhone,
  type RecipientRule,
  registeredEmail,
  unverifiedAddress,
} from "./recipients.ts";

export type WordingName =
  | "resetLink"
  | "resetCode"
  | "verificationCode"
  | "addressChangeCode"
  | "addressTaken"
  | "passwordChanged"
  | "emailChanged"
  | "phoneChanged"
  | "refreshTokenReused";

interface Kind<Rule> {
  /** Its name in the locale files. */
  wording: WordingName;
  budget: RequestedMessage["kind"];
  recipient: Rule;
}

/** A secret that a message carries: a code to type, or a link to this path of the site. */
interface SecretKind<Rule> extends Kind<Rule> {
  secret: "code" | { path: string };
  /** The setting that holds the secret's lifetime. */
  lifetime: "OTP_TTL_SECONDS" | "RESET_TOKEN_TTL_SECONDS";
}

const code = { secret: "code", lifetime: "OTP_TTL_SECONDS" } as const;
const link = (path: string) => ({ secret: { path }, lifetime: "RESET_TOKEN_TTL_SECONDS" }) as const;

/** Messages that carry a secret. */
export const SECRET_KINDS: Record<SecretPurpose, SecretKind<RecipientRule>> = {
  "password-reset-link": {
    ...link("/reset-password"),
    wording: "resetLink",
    budget: "recovery",
    recipient: registeredEmail,
  },
  "password-reset-code": { ...code, wording: "resetCode", budget: "recovery", recipient: givenAddress },
  verification: { ...code, wording: "verificationCode", budget: "recovery", recipient: unverifiedAddress },
  "email-change": { ...code, wording: "addressChangeCode", budget: "address_claim", recipient: newEmail },
  "phone-change": { ...code, wording: "addressChangeCode", budget: "address_claim", recipient: newPhone },
};

/** Messages that were requested and carry no secret. */
export const PLAIN_KINDS: Record<"address-taken", Kind<RecipientRule>> = {
  "address-taken": { wording: "addressTaken", budget: "address_claim", recipient: givenAddress },
};

/** Notices go to the address that was stored with them and count against no budget. */
export const NOTICE_WORDINGS: Record<NoticeKind, WordingName> = {
  "password-changed": "passwordChanged",
  "email-changed": "emailChanged",
  "phone-changed": "phoneChanged",
  "refresh-token-reused": "refreshTokenReused",
};
