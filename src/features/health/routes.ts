import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";

/** Says that the Worker runs and has its settings; it asks no other service. */
export const healthRoutes = new Hono<AppEnv>().get("/health", (c) => c.json({ status: "ok" }));
