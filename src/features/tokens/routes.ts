import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { optionalBody } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { answerTokens, refreshTokenOf } from "../../http/refresh-cookie.ts";
import { Refresh, refresh } from "./tokens.ts";

/** Long enough to spare requests, short enough that a key is known before its first token is a few minutes old. */
const JWKS_MAX_AGE_SECONDS = 300;

export const tokensRoutes = new Hono<AppEnv>()
  .post("/auth/refresh", optionalBody(Refresh), async (c) => {
    const presented = refreshTokenOf(c, c.req.valid("json").refresh_token);
    if (!presented.ok) return problem(c, presented);

    const { token, transport } = presented.value;
    const tokens = await refresh(c.var.deps, token);
    return tokens.ok ? answerTokens(c, tokens.value, transport) : problem(c, tokens);
  })
  .get("/.well-known/jwks.json", (c) => {
    c.header("Cache-Control", `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Access-Control-Allow-Credentials", undefined);
    return c.json(c.var.deps.tokens.keys.jwks);
  });
