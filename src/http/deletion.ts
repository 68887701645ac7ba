import { type Context, Hono } from "hono";
import type * as z from "zod/mini";
import type { AppEnv } from "./app-env.ts";
import { type BearerEnv, bearer } from "./bearer.ts";
import { optionalBody } from "./body.ts";
import { rateLimit } from "./rate-limit.ts";

/**
 * Mounts an act that needs a body at `DELETE path`, and at `POST path/delete` for clients or
 * proxies that drop the body of a DELETE (RFC 9110 §9.3.5).
 */
export const deletion = <Schema extends z.ZodMiniType<object>>(
  path: string,
  schema: Schema,
  act: (c: Context<BearerEnv>, input: z.output<Schema>) => Response | Promise<Response>,
) => {
  const [given, handler] = [optionalBody(schema), (c: BodyContext<Schema>) => act(c, c.req.valid("json"))];
  return new Hono<AppEnv>()
    .delete(path, rateLimit("credentials"), bearer, given, handler)
    .post(`${path}/delete`, rateLimit("credentials"), bearer, given, handler);
};

type BodyContext<Schema extends z.ZodMiniType> = Context<BearerEnv, string, { out: { json: z.output<Schema> } }>;
