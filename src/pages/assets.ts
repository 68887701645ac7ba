import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { problem } from "../http/problem.ts";
import { err } from "../result.ts";

/** The style sheet and the script of the pages, from `public/pages`. */
export const pageAssets = new Hono<AppEnv>().get("/pages/:file{[\\w.-]+}", async (c) => {
  const found = await c.env.ASSETS.fetch(new Request(new URL(c.req.path, c.req.url), c.req.raw));
  return found.status === 404 ? problem(c, err("not_found")) : new Response(found.body, found);
});
