import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bodyOrForm } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerTokens, hasAllowedOrigin } from "../../http/refresh-cookie.ts";
import { err } from "../../result.ts";
import { Login, LoginForm, login } from "./login.ts";

export const loginRoutes = new Hono<AppEnv>().post(
  "/login",
  rateLimit("credentials"),
  bodyOrForm(Login, LoginForm),
  async (c) => {
    const input = c.req.valid("json");
    // Otherwise a form on another site could log its visitor in to somebody else's account, or have them guess for it.
    const isBrowser = input.transport === "cookie" || c.req.header("origin") !== undefined;
    if (isBrowser && !hasAllowedOrigin(c)) return problem(c, err("origin_not_allowed"));

    const tokens = await login(c.var.deps, input);
    return tokens.ok ? answerTokens(c, tokens.value, input.transport) : problem(c, tokens);
  },
);
