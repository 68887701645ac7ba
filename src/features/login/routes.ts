import { Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bodyOrForm } from "../../http/body.ts";
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
    // Login CSRF: a form on another site must not sign its visitor in to an attacker's account or
    // guess for the attacker.
    const isBrowser = input.transport === "cookie" || c.req.header("origin") !== undefined;
    if (isBrowser && !hasAllowedOrigin(c)) return fail(c, err("origin_not_allowed"));

    const tokens = await login(c.var.deps, input);
    return tokens.ok ? answerTokens(c, tokens.value, input.transport) : fail(c, tokens);
  },
);
