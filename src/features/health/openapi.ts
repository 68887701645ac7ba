import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

export const operations: Operations = {
  "GET /health": {
    tag: "Service",
    summary: "Whether the service runs",
    description: "Says that the Worker runs and has its settings. It asks neither the database nor another service.",
    answer: { status: 200, description: "It does.", schema: z.object({ status: z.literal("ok") }) },
  },
};
