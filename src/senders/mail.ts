import type { Delivery } from "./delivery.ts";

export interface Mail {
  to: string;
  /** BCP 47. */
  language: string;
  subject: string;
  /** Both parts say the same. */
  text: string;
  html: string;
}

export interface MailSender {
  /** Sends a mail. The provider sends one mail for each key, however often it is called. */
  send(mail: Mail, key: string): Promise<Delivery>;
}

/** Keeps automatic replies away (RFC 3834 §5). The second one is Microsoft's. */
export const AUTOMATIC = { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply" };
