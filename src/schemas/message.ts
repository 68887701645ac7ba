import * as z from "zod";
import { LOCALES } from "../locales/locales.ts";

/** The language of the request, if it named one. */
const locale = z.enum(LOCALES).optional();

/** A request for a message to an account that may not exist: that is looked up after the response. */
const MessageRequest = z.object({
  kind: z.enum(["password-reset-link", "password-reset-code", "verification", "address-taken"]),
  identifier: z.object({ kind: z.enum(["email", "phone", "username"]), value: z.string() }),
  locale,
});

/** A user's request to have this address. */
const AddressChange = z.object({
  kind: z.enum(["email-change", "phone-change"]),
  user_id: z.uuid(),
  address: z.string(),
  locale,
});

/** A notice to an owner. Storage knows its kind and its recipient. */
const Notice = z.object({ kind: z.literal("notice"), id: z.uuid() });

/** What travels through the queue: no secret, and everything that sending needs. */
export const Message = z.discriminatedUnion("kind", [MessageRequest, AddressChange, Notice]);
export type Message = z.infer<typeof Message>;
export type MessageRequest = z.infer<typeof MessageRequest>;
export type AddressChange = z.infer<typeof AddressChange>;

/** A message as the queue delivers it, perhaps more than once. Both fields stay the same. */
export interface Envelope {
  id: string;
  /** Unix time in milliseconds. */
  queuedAt: number;
}
