import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { body } from "../../http/body.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import {
  createOwnApiKey,
  ExchangeApiKey,
  exchangeApiKey,
  NewOwnApiKey,
  ownApiKeys,
  removeOwnApiKey,
} from "./api-keys.ts";

const credentials = rateLimit("credentials");

export const apiKeyRoutes = new Hono<AppEnv>()
  .get("/users/me/api-keys", bearer, async (c) => answer(c, await ownApiKeys(c.var.deps, c.var.session)))
  .post("/users/me/api-keys", credentials, bearer, body(NewOwnApiKey), async (c) =>
    answer(c, await createOwnApiKey(c.var.deps, c.var.session, c.req.valid("json")), 201),
  )
  .delete("/users/me/api-keys/:id", bearer, async (c) =>
    answer(c, await removeOwnApiKey(c.var.deps, c.var.session, c.req.param("id")), 204),
  )
  .post("/auth/api-keys/token", credentials, body(ExchangeApiKey), async (c) =>
    answer(c, await exchangeApiKey(c.var.deps, c.req.valid("json"))),
  );
