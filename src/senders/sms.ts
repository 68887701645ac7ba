import type { Delivery } from "./delivery.ts";

export interface Sms {
  /** E.164. */
  to: string;
  text: string;
}

export interface SmsSender {
  /** Sends a text message. A repeated call has the same key, if the provider supports that. */
  send(sms: Sms, key: string): Promise<Delivery>;
}
