import type { NoticeKind, PlainKind, SecretPurpose } from "../contract/messages.ts";

/** A mail. No name that a user chose is in it. */
interface MailWording {
  subject: string;
  paragraphs: string[];
}

/** A message that is sent by mail, or as a short text to a phone. */
export interface Wording extends MailWording {
  text: string;
}

interface CodeValues {
  /** Host that the code is for. */
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

type LinkKind = Extract<SecretPurpose, `${string}-link`>;
type CodeKind = Exclude<SecretPurpose, LinkKind>;

/** The words of every mail and text, by kind of message. */
export type MailMessages = Record<LinkKind, (values: LinkValues) => MailWording & Partial<Wording>> &
  Record<CodeKind, Text<CodeValues>> &
  Record<PlainKind, Text<{ site: string }>> &
  Record<NoticeKind, Text<NoticeValues>>;
