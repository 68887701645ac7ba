import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

const KeptMail = z.object({
  to: z.string(),
  language: z.string(),
  subject: z.string(),
  paragraphs: z.array(z.string()),
  at: z.int(),
});

export const operations: Operations = {
  "GET /dev/outbox": {
    tag: "Service",
    summary: "Mail that was kept instead of sent",
    description: "On a loopback `ISSUER` without a provider of mail alone. A browser gets a page.",
    answer: {
      status: 200,
      description: "The mails, newest first.",
      schema: z.union([z.string(), z.object({ mails: z.array(KeptMail) })]),
      type: "*/*",
    },
    errors: ["not_found"],
  },
};
