import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { asset } from "../../http/asset.ts";

/** The icon is an empty data URL. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The API reference: files that `npm run build` puts into `public`. */
export const docsRoutes = new Hono<AppEnv>()
  .get("/openapi.json", (c) => asset(c, "/openapi.json", PAGE_POLICY))
  .get("/docs", (c) => asset(c, "/docs", PAGE_POLICY))
  .get("/docs/:file{[\\w.-]+}", (c) => asset(c, `/docs/${c.req.param("file")}`, PAGE_POLICY));
