import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { exportOwnData } from "./user-export.ts";

export const userExportRoutes = new Hono<AppEnv>().get(
  "/users/me/export",
  rateLimit("credentials"),
  bearer,
  async (c) => answer(c, await exportOwnData(c.var.deps, c.var.session)),
);
