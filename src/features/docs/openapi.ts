import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

export const operations: Operations = {
  "GET /openapi.json": {
    tag: "Service",
    summary: "This document",
    answer: { status: 200, description: "OpenAPI 3.1.", schema: z.looseObject({ openapi: z.string() }) },
  },
  "GET /docs": {
    tag: "Service",
    summary: "This document as a page",
    answer: { status: 200, description: "A reference, with first steps.", schema: z.string(), type: "text/html" },
  },
  "GET /docs/{file}": {
    tag: "Service",
    summary: "A file of the reference",
    description: "`/docs/errors` lists every error code.",
    answer: { status: 200, description: "The file.", schema: z.string(), type: "*/*" },
    errors: ["not_found"],
  },
};
