import type { MessageKind, SecretPurpose } from "../contract/messages.ts";

/**
 * The templates of a mail. `{site}` is the host of the service, `{code}`, `{link}` and `{minutes}`
 * belong to a secret and its lifetime, `{date}` to what a notice reports. No name that a user chose
 * is in a message.
 */
interface MailWording {
  subject: string;
  paragraphs: string[];
}

/** A message that is sent by mail, or as a short text to a phone. */
export interface Wording extends MailWording {
  text: string;
}

type LinkKind = Extract<SecretPurpose, `${string}-link`>;

/** The words of every mail and text, by kind of message. */
export type MailMessages = Record<LinkKind, MailWording & Partial<Wording>> &
  Record<Exclude<MessageKind, LinkKind>, Wording>;
