import type { Delivery } from "./delivery.ts";

export interface Sms {
  /** E.164. */
  to: string;
  text: string;
}

export interface SmsSender {
  /** Sends a text. A repeat has the same key, for a provider that can tell. */
  send(sms: Sms, key: string): Promise<Delivery>;
}
