import * as z from "zod/mini";
import { ADDRESS_CHANGES, REQUESTED_MESSAGES } from "../contract/messages.ts";
import { LOCALES } from "../locales/locales.ts";

/** The language of the request, if it named one. */
const locale = z.optional(z.enum(LOCALES));

/** The /24 or /48 that the request came from, for the budgets. See `networkBlockOf`. */
const network = z.optional(z.string());

/** A request for a message to an account that may not exist. The queue consumer looks it up. */
const MessageRequest = z.object({
  kind: z.enum(REQUESTED_MESSAGES),
  /** An account is named by its id by an administrator, or in a session of its own. */
  identifier: z.object({ kind: z.enum(["id", "email", "phone", "username"]), value: z.string() }),
  /**
   * The account whose device token the request came with, and the version of its credentials in the
   * token. Such a message counts against the budgets of the owner, if both are those of the account
   * that is found.
   */
  trusted: z.optional(z.object({ user_id: z.string(), credential_version: z.int() })),
  /** The digest of the nonce in the browser that asks to sign in. The nonce stays there. */
  browser_digest: z.optional(z.string()),
  /** An administrator asked. The message counts against no budget. */
  administrator: z.optional(z.literal(true)),
  locale,
  network,
});

/** A user's request for a code to a new address. */
const AddressChange = z.object({
  kind: z.enum(ADDRESS_CHANGES),
  user_id: z.uuid(),
  address: z.string(),
  locale,
  network,
});

/** A notice to the owner of an account. Its row in `notices` has the kind and the recipient. */
const Notice = z.object({ kind: z.literal("notice"), id: z.uuid() });

/** The body of a message in the queue. It contains no secret. */
export const Message = z.discriminatedUnion("kind", [MessageRequest, AddressChange, Notice]);
export type Message = z.infer<typeof Message>;
export type MessageRequest = z.infer<typeof MessageRequest>;
export type AddressChange = z.infer<typeof AddressChange>;

/** Loopback addresses, in the form of `networkOf`. */
export const LOOPBACK_NETWORKS = ["127.0.0.1", "0:0:0:0::/64"];

/**
 * Returns the /24 of an IPv4 address or the /48 of an IPv6 network such as `2001:db8:1:2::/64`. It
 * is what the service remembers of a requester for a day, to limit what one network can request.
 * Undefined for loopback, which only local development sees.
 */
export function networkBlockOf(ip: string | null): string | undefined {
  if (ip === null || LOOPBACK_NETWORKS.includes(ip)) return undefined;
  return ip.includes(":") ? `${ip.split(":").slice(0, 3).join(":")}::/48` : ip.replace(/\d+$/, "0/24");
}

/** Identifies a message. The queue may deliver it several times with the same values. */
export interface Envelope {
  id: string;
  /** Unix time in milliseconds. */
  queuedAt: number;
}
