import * as z from "zod";

/** Something was done to an account of which its owner is told. */
const Notice = z.object({
  kind: z.enum(["password-changed", "refresh-token-reused"]),
  user_id: z.uuid(),
  /** Unix time in milliseconds. */
  at: z.int(),
});

/** What travels through the queue: too little to harm anybody who reads it, and all that is needed to send. */
export const Message = z.discriminatedUnion("kind", [Notice]);
export type Message = z.infer<typeof Message>;
export type Notice = z.infer<typeof Notice>;
