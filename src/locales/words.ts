import type { ErrorCode } from "../errors.ts";

/** What a mail says. No name that a user chose is in it. */
interface MailWording {
  subject: string;
  paragraphs: string[];
}

/** The same as a text too, in short. */
export interface Wording extends MailWording {
  text: string;
}

interface CodeValues {
  /** The host that the code is for. */
  site: string;
  code: string;
  minutes: number;
}

interface LinkValues {
  site: string;
  link: string;
  minutes: number;
}

interface NoticeValues {
  site: string;
  /** In Unix milliseconds. */
  at: number;
}

type Say<Values> = (values: Values) => Wording;

/** Everything that is said in one language. A team adds a language by a file that says all of this, and a line in
 *  `locales.ts`. */
export interface Words {
  resetLink(values: LinkValues): MailWording;
  resetCode: Say<CodeValues>;
  verificationCode: Say<CodeValues>;
  /** For the new address of an account. */
  addressChangeCode: Say<CodeValues>;
  /** To the owner of an address that somebody tried to open or move another account to. */
  addressTaken: Say<{ site: string }>;
  passwordChanged: Say<NoticeValues>;
  emailChanged: Say<NoticeValues>;
  phoneChanged: Say<NoticeValues>;
  refreshTokenReused: Say<NoticeValues>;
  pages: PageWords;
}

/** The fields of the pages' forms, by their names over the wire. */
export type FieldName =
  | "identifier"
  | "email"
  | "phone"
  | "username"
  | "password"
  | "old_password"
  | "new_password"
  | "confirm_password"
  | "otp"
  | "first_name"
  | "last_name"
  | "short_description"
  | "contact"
  | "locale";

/** What the hosted pages say. */
export interface PageWords {
  titles: Record<
    | "signIn"
    | "signUp"
    | "verify"
    | "forgot"
    | "sent"
    | "reset"
    | "signedOut"
    | "account"
    | "sessions"
    | "activity"
    | "confirmEmail"
    | "confirmPhone"
    | "deleted"
    | "notFound"
    | "tooMany"
    | "busy"
    | "failed",
    string
  >;
  fields: Record<FieldName, string>;
  /** Under a field, before anything is wrong. */
  hints: Partial<Record<FieldName, string>>;
  /** Under a field whose content is refused. */
  invalid: Record<FieldName, string>;
  taken: Record<"email" | "phone" | "username", string>;
  actions: Record<
    | "signIn"
    | "signUp"
    | "signOut"
    | "verify"
    | "resend"
    | "send"
    | "setPassword"
    | "save"
    | "changeProfile"
    | "changePassword"
    | "changeEmail"
    | "changePhone"
    | "confirm"
    | "end"
    | "endOthers"
    | "delete"
    | "show"
    | "hide"
    | "tryAgain",
    string
  >;
  /** Above a form that was refused, by the code of the failure. */
  refused: Partial<Record<ErrorCode, string>>;
  /** The same for any other failure. */
  refusedOtherwise: string;
  /** What was done. */
  notices: Record<
    | "verified"
    | "reset"
    | "saved"
    | "passwordChanged"
    | "emailChanged"
    | "phoneChanged"
    | "ended"
    | "resent"
    | "otherUser",
    string
  >;
  links: Record<
    "forgot" | "signUp" | "signIn" | "haveCode" | "account" | "sessions" | "activity" | "docs" | "outbox" | "verify",
    string
  >;
  sections: Record<"profile" | "email" | "phone" | "password" | "delete", string>;
  texts: Record<
    | "optional"
    | "notGiven"
    | "verified"
    | "notVerified"
    | "thisDevice"
    | "unknownDevice"
    | "sentLink"
    | "sentCode"
    | "verifyLead"
    | "signedOut"
    | "deleteLead"
    | "deleted"
    | "notFound"
    | "tooMany"
    | "busy"
    | "failed"
    | "weak"
    | "fair"
    | "strong"
    | "noContact"
    | "welcome"
    | "outboxEmpty",
    string
  >;
  lastUsed(when: string): string;
  seconds(count: number): string;
  on(browser: string, os: string): string;
  /** What happened to an account, by the type of the event. */
  events: Record<string, string>;
}
