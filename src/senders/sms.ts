import type { Delivery } from "./delivery.ts";

export interface Sms {
  /** E.164. */
  to: string;
  text: string;
}

export interface SmsSender {
  send(sms: Sms, key: string): Promise<Delivery>;
}
