/** What the service says about itself: whether it runs, whether it is ready, its API reference. */
import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { asset } from "../../http/asset.ts";
import { problem } from "../../http/problem.ts";
import { checkReadiness } from "./readiness.ts";

/** The icon is an empty data URL. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const serviceRoutes = new Hono<AppEnv>()
  // The Worker runs and has its settings. No other service is asked.
  .get("/health", (c) => c.json({ status: "ok" }))
  .get("/health/ready", async (c) => {
    // An operator reads it in a browser too.
    c.set("renderFailure", problem);
    return answer(c, await checkReadiness(c.var.deps, c.env));
  })
  // Files that `npm run build` puts into `public`.
  .get("/openapi.json", (c) => asset(c, "/openapi.json", DOCS_POLICY))
  .get("/docs", (c) => asset(c, "/docs", DOCS_POLICY))
  .get("/docs/:file{[\\w.-]+}", (c) => asset(c, `/docs/${c.req.param("file")}`, DOCS_POLICY));
