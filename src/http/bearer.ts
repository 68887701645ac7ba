import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { SessionRef } from "../contract/session-ref.ts";
import { verifyAccessToken } from "../crypto/access-token.ts";
import { err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

export type BearerEnv = AppEnv & { Variables: { session: SessionRef } };

/** Requires a valid access token and sets its session as `c.var.session`. Fails with `unauthenticated`. */
export const bearer = createMiddleware<BearerEnv>(async (c, next) => {
  const token = bearerToken(c);
  const { tokens, now } = c.var.deps;
  const claims = token && (await verifyAccessToken(tokens, token, now()));
  if (!claims) return fail(c, err("unauthenticated"));

  c.set("session", { userId: claims.sub, sessionId: claims.sid });
  return next();
});

/** Reads the token of the Authorization header, its only place (RFC 6750 §2.1): a query would end up in logs. */
export const bearerToken = (c: Context): string | undefined => bearerTokenOf(c.req.header("authorization") ?? "");

export const bearerTokenOf = (authorization: string): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
