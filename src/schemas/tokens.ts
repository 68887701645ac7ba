import * as z from "zod";
import type * as contract from "../contract/tokens.ts";
import type { ResponseFields } from "./contract-fields.ts";
import { text } from "./text.ts";

export const Transport = z.enum(["body", "cookie"]);

/** The tokens of a session (RFC 6749 §5.1). Lifetimes are in seconds. */
export const Tokens = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  /** Absent if the response sets it as a cookie. */
  refresh_token: z.string().optional(),
  refresh_expires_in: z.int(),
} satisfies ResponseFields<contract.TokenResponse>);

/** A token of this service is shorter than this limit. */
export const TokenText = text({ max: 4096 });

/** The refresh token of a request, if it has one, and where it was found. */
export interface ReceivedToken {
  token: string | undefined;
  transport: contract.Transport;
}
