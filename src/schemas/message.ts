import * as z from "zod";
import { LOCALES } from "../locales/locales.ts";

/** What the request that caused it was written in, where it said so. */
const locale = z.enum(LOCALES).optional();

/** Somebody asks for a message to an account, which there may be or not: that is found out after the answer. */
const MessageRequest = z.object({
  kind: z.enum(["password-reset-link", "password-reset-code", "verification", "address-taken"]),
  identifier: z.object({ kind: z.enum(["email", "phone", "username"]), value: z.string() }),
  locale,
});

/** A user wants to have this address. */
const AddressChange = z.object({
  kind: z.enum(["email-change", "phone-change"]),
  user_id: z.uuid(),
  address: z.string(),
  locale,
});

/** Something was done to an account of which its owner is told: storage knows what, and whom to tell. */
const Notice = z.object({ kind: z.literal("notice"), id: z.uuid() });

/** What travels through the queue: no secret, and all that is needed to send. */
export const Message = z.discriminatedUnion("kind", [MessageRequest, AddressChange, Notice]);
export type Message = z.infer<typeof Message>;
export type MessageRequest = z.infer<typeof MessageRequest>;
export type AddressChange = z.infer<typeof AddressChange>;
export type Notice = z.infer<typeof Notice>;

/** A message as the queue delivers it, perhaps more than once: `id` and `queuedAt`, in Unix milliseconds, stay. */
export interface Envelope {
  id: string;
  queuedAt: number;
}
