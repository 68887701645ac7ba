/**
 * What the service says about itself: whether it runs, its API reference, and the outbox of a
 * developer's machine.
 */
import { Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { asset } from "../../http/asset.ts";
import { err } from "../../result.ts";
import { showOutbox } from "./outbox-page.tsx";

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
  // Files that `npm run build` puts into `public`.
  .get("/openapi.json", (c) => asset(c, "/openapi.json", DOCS_POLICY))
  .get("/docs", (c) => asset(c, "/docs", DOCS_POLICY))
  .get("/docs/:file{[\\w.-]+}", (c) => asset(c, `/docs/${c.req.param("file")}`, DOCS_POLICY))
  // Messages that were kept instead of sent. It exists on a loopback issuer only.
  .get("/dev/outbox", async (c) => {
    const { outbox } = c.var.deps;
    if (!outbox) return fail(c, err("not_found"));

    const messages = await outbox();
    return c.req.header("accept")?.includes("text/html") ? showOutbox(c, messages) : c.json({ messages });
  });
