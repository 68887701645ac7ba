import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

const at = z.int().meta({ description: "Unix time in milliseconds." });
const KeptMessage = z.discriminatedUnion("channel", [
  z.object({
    channel: z.literal("mail"),
    to: z.string(),
    language: z.string(),
    subject: z.string(),
    paragraphs: z.array(z.string()),
    at,
  }),
  z.object({ channel: z.literal("sms"), to: z.string(), text: z.string(), at }),
]);

export const operations: Operations = {
  "GET /dev/outbox": {
    tag: "Service",
    summary: "Messages that were kept instead of sent",
    description: "Only on a loopback `ISSUER` that lacks a provider of mail or texts. A browser gets a page.",
    answer: {
      status: 200,
      description: "The messages, newest first.",
      schema: z.union([z.string(), z.object({ messages: z.array(KeptMessage) })]),
      type: "*/*",
    },
    errors: ["not_found"],
  },
};
