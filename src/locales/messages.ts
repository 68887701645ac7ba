import type { MessageKind, SecretPurpose } from "../contract/messages.ts";

/**
 * The templates of a mail, in the order in which they appear. `{site}` is the name of the service,
 * `{code}` and `{minutes}` belong to a secret and its lifetime. No name that a user chose is in a
 * message.
 */
export interface MailWording {
  /** Also the heading. Without values, so that no secret is in it. */
  subject: string;
  /** The preview text of inboxes, after the subject. Without values too. */
  preheader: string;
  /** The code, or what a notice reports, follows it. */
  lead: string;
  /** Advice on what to do. The button follows it. */
  advice?: string;
  button?: string;
  /** How long the code or the link is valid. */
  validity?: string;
  /** Advice for a reader who did not request the mail. */
  unrequested?: string;
}

/** A message that is sent by mail, or as a short text to a phone, where `{site}` is the host. */
export interface Wording extends MailWording {
  text: string;
}

type LinkKind = Extract<SecretPurpose, `${string}-link`>;

/** The words of every mail and text, by kind of message. */
export type MailMessages = Record<LinkKind, MailWording & Partial<Wording>> &
  Record<Exclude<MessageKind, LinkKind>, Wording>;
