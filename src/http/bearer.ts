import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type AccessClaims, verifyAccessToken } from "../crypto/tokens.ts";
import { err } from "../result.ts";
import type { AppEnv } from "./app-env.ts";
import { problem } from "./problem.ts";

/** Lets a request with a valid access token through, its claims as `c.var.auth`; 401 otherwise. */
export const bearer = createMiddleware<AppEnv & { Variables: { auth: AccessClaims } }>(async (c, next) => {
  const token = bearerToken(c);
  const { tokens, now } = c.var.deps;
  const claims = token && (await verifyAccessToken(tokens, token, now()));
  if (!claims) return problem(c, err("unauthenticated"));

  c.set("auth", claims);
  return next();
});

/** The token in the Authorization header, which is the only place for it (RFC 6750 §2.1): in a query it would end in
 *  logs. */
export const bearerToken = (c: Context): string | undefined => bearerTokenOf(c.req.header("authorization") ?? "");

export const bearerTokenOf = (authorization: string): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
