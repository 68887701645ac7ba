import * as z from "zod";
import { ADDRESS_CHANGES, REQUESTED_MESSAGES } from "../contract/messages.ts";
import { LOCALES } from "../locales/locales.ts";

/** The language of the request, if it named one. */
const locale = z.enum(LOCALES).optional();

/** A request for a message to an account that may not exist. The queue consumer looks it up. */
const MessageRequest = z.object({
  kind: z.enum(REQUESTED_MESSAGES),
  identifier: z.object({ kind: z.enum(["email", "phone", "username"]), value: z.string() }),
  locale,
});

/** A user's request for a code to a new address. */
const AddressChange = z.object({
  kind: z.enum(ADDRESS_CHANGES),
  user_id: z.uuid(),
  address: z.string(),
  locale,
});

/** A notice to the owner of an account. Its row in `notices` has the kind and the recipient. */
const Notice = z.object({ kind: z.literal("notice"), id: z.uuid() });

/** The body of a message in the queue. It contains no secret. */
export const Message = z.discriminatedUnion("kind", [MessageRequest, AddressChange, Notice]);
export type Message = z.infer<typeof Message>;
export type MessageRequest = z.infer<typeof MessageRequest>;
export type AddressChange = z.infer<typeof AddressChange>;

/** Identifies a message. The queue may deliver it several times with the same values. */
export interface Envelope {
  id: string;
  /** Unix time in milliseconds. */
  queuedAt: number;
}
