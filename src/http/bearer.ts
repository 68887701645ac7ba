import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AccessClaims } from "../contract/claims.ts";
import { ACCOUNT_SCOPE } from "../contract/oauth-client.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { FIRST_PARTY_CLIENT_ID, isOfClient, verifyAccessToken } from "../crypto/access-token.ts";
import { err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

export type BearerEnv = AppEnv & { Variables: { session: SessionRef } };

/**
 * Requires a valid access token of a user and sets `c.var.session`. Does not check that the session
 * is still active. Errors: `unauthenticated`; `insufficient_scope` for a token of an OAuth client
 * without the scope `account`; `too_many_requests` for an account that changes too
 * much.
 */
export const bearer = createMiddleware<BearerEnv>(async (c, next) => {
  const token = bearerToken(c);
  const { tokens, now } = c.var.deps;
  const claims = token && (await verifyAccessToken(tokens, token, now()));
  // A client without a user has no account to act on.
  if (!claims || isOfClient(claims)) {
    // Headers of one name arrive as one, separated by commas (RFC 9110 §5.2). Tokens have none.
    const isRepeated = c.req.header("authorization")?.includes(",");
    return fail(c, { ...err("unauthenticated"), ...(isRepeated && { detail: "Send `Authorization` once." }) });
  }

  if (!opensAccount(claims)) return fail(c, { ...err("insufficient_scope"), scope: ACCOUNT_SCOPE });
  const refused = c.req.method === "GET" ? undefined : await c.var.deps.limit("sessions", claims.sub);
  if (refused) return fail(c, refused);
  c.set("session", { userId: claims.sub, sessionId: claims.sid });
  return next();
});

/** Tokens of a browser or an app without OAuth open everything. */
const opensAccount = ({ client_id, scope = "" }: AccessClaims) =>
  client_id === FIRST_PARTY_CLIENT_ID || scope.split(" ").includes(ACCOUNT_SCOPE);

/**
 * Reads the token of the Authorization header (RFC 6750 §2.1). A token in the query is not
 * accepted: it would appear in logs.
 */
export const bearerToken = (c: Context): string | undefined => bearerTokenOf(c.req.header("authorization") ?? "");

/** Parses an Authorization header. */
export const bearerTokenOf = (authorization: string): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
