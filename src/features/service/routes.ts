/** The routes about the service itself: health, readiness, and the API reference. */
import { type Context, Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { asset } from "../../http/asset.ts";
import { problem } from "../../http/problem.ts";
import { checkReadiness } from "./readiness.ts";

/** Swagger UI has icons in its styles, and sends requests to this service. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Responds with the OpenAPI document. The build cannot know where it will be served: the paths of
 * its servers are completed with `ISSUER`, so that a saved copy still names the deployment.
 */
async function openApi(c: Context<AppEnv>): Promise<Response> {
  const file = await asset(c, "/openapi.json", DOCS_POLICY);
  if (!file.body) return file;
  const { ISSUER } = c.var.deps.config;
  const text = await file.text();
  return c.body(
    text.replace(/("url": ")\/(.*?)"/g, (_, start, path) => `${start}${ISSUER}${path && `/${path}`}"`),
    file,
  );
}

export const serviceRoutes = new Hono<AppEnv>()
  // The Worker runs and has its settings. No other service is asked.
  .get("/health", (c) => c.json({ status: "ok" }))
  .get("/health/ready", async (c) => {
    // An operator reads it in a browser too.
    c.set("renderFailure", problem);
    return answer(c, await checkReadiness(c.var.deps, c.env));
  })
  // Files that `npm run build` puts into `public`.
  .get("/openapi.json", openApi)
  .get("/llms.txt", (c) => asset(c, "/docs/llms.txt", DOCS_POLICY))
  .get("/docs", (c) => asset(c, "/docs", DOCS_POLICY))
  .get("/docs/:file{[\\w./-]+}", (c) => asset(c, `/docs/${c.req.param("file")}`, DOCS_POLICY));
