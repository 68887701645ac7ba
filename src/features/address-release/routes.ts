import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { ReleaseAddress, release } from "./address-release.ts";

export const addressReleaseRoutes = new Hono<AppEnv>().post(
  "/release-address",
  rateLimit("credentials"),
  body(ReleaseAddress),
  async (c) => answer(c, await release(c.var.deps, c.req.valid("json")), 204),
);
