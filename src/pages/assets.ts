import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { asset } from "../http/asset.ts";

/** Serves the style sheet and the script of the pages from `public/pages`. */
export const pageAssets = new Hono<AppEnv>().get("/pages/:file{[\\w.-]+}", (c) =>
  asset(c, `/pages/${c.req.param("file")}`),
);
