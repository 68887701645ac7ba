import * as z from "zod";

/** What a login answers (RFC 6749 §5.1). Lifetimes are seconds. */
export const Tokens = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  refresh_token: z.string(),
  refresh_expires_in: z.int(),
});
export type Tokens = z.infer<typeof Tokens>;
