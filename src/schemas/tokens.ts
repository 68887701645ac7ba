import * as z from "zod";
import { text } from "./text.ts";

/** How the refresh token travels: in the body, or in a cookie that no script can read. */
export const Transport = z.enum(["body", "cookie"]);
export type Transport = z.infer<typeof Transport>;

/** The token pair of a session (RFC 6749 §5.1). Lifetimes are seconds. */
export const Tokens = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  /** Absent when it travels in the cookie. */
  refresh_token: z.string().optional(),
  refresh_expires_in: z.int(),
});

export type IssuedTokens = z.infer<typeof Tokens> & { refresh_token: string };

/** A JWT of ours is shorter than this. */
export const TokenText = text({ max: 4096 });

/** A refresh token as it came, or that none did. */
export interface PresentedToken {
  token: string | undefined;
  transport: Transport;
}
