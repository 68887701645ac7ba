import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bodyOrForm } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { Login, LoginForm, login } from "./login.ts";

export const loginRoutes = new Hono<AppEnv>().post("/login", bodyOrForm(Login, LoginForm), async (c) => {
  const tokens = await login(c.var.deps, c.req.valid("json"));
  return tokens.ok ? c.json(tokens.value) : problem(c, tokens.code, tokens.errors);
});
