import type { EventType } from "../contract/events.ts";
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

type Text<Values> = (values: Values) => Wording;

/** Everything that is said in one language. A team adds a language by a file that says all of this, and a line in
 *  `locales.ts`. */
export interface Messages {
  resetLink(values: LinkValues): MailWording;
  resetCode: Text<CodeValues>;
  verificationCode: Text<CodeValues>;
  /** For the new address of an account. */
  addressChangeCode: Text<CodeValues>;
  /** To the owner of an address that somebody tried to open or move another account to. */
  addressTaken: Text<{ site: string }>;
  passwordChanged: Text<NoticeValues>;
  emailChanged: Text<NoticeValues>;
  phoneChanged: Text<NoticeValues>;
  refreshTokenReused: Text<NoticeValues>;
  pages: PageMessages;
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
export interface PageMessages {
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
  unknownError: string;
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
    | "noPreference"
    | "welcome"
    | "outboxEmpty",
    string
  >;
  lastUsed(when: string): string;
  /** `{seconds}` is replaced, by the server and then by the script that counts down. */
  retryIn: string;
  deviceName(browser: string, os: string): string;
  /** What happened to an account, by the type of the event. */
  events: Record<EventType, string>;
}
