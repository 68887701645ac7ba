import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import { err } from "../../result.ts";

/** Swagger UI draws its icons from data URLs and calls this API. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The API reference: files that `npm run build` puts into `public`. */
export const docsRoutes = new Hono<AppEnv>()
  .get("/openapi.json", (c) => asset(c, "/openapi.json"))
  .get("/docs", (c) => asset(c, "/docs"))
  .get("/docs/:file{[\\w.-]+}", (c) => asset(c, `/docs/${c.req.param("file")}`));

async function asset(c: Context<AppEnv>, path: string) {
  const found = await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), c.req.raw));
  if (found.status === 404) return problem(c, err("not_found"));

  const answer = new Response(found.body, found);
  answer.headers.set("Content-Security-Policy", PAGE_POLICY);
  return answer;
}
