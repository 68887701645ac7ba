import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

const Welcome = z.object({ issuer: z.url(), docs: z.url(), openapi: z.url(), jwks: z.url() });

export const operations: Operations = {
  "GET /": {
    tag: "Service",
    summary: "Where things are",
    description: "A browser is led to the hosted pages instead.",
    answer: { status: 200, description: "Addresses.", schema: Welcome },
  },
};
