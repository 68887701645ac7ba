import { type Context, Hono } from "hono";
import { DEVICE_GRANT } from "../../contract/oauth-client.ts";
import type { Deps } from "../../deps.ts";
import { answer, fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer, bearerToken } from "../../http/bearer.ts";
import { readForm } from "../../http/body.ts";
import { checkRateLimit, rateLimit } from "../../http/rate-limit.ts";
import { type Err, err, ok, type Result } from "../../result.ts";
import type { PresentedClient } from "../../storage/oauth-clients.ts";
import { ownGrants, revokeOwnGrant } from "./apps.ts";
import { presentedClient } from "./client-authentication.ts";
import { startDevice } from "./device.ts";
import { grantOf } from "./grants.ts";
import { introspect, revokeToken } from "./issued-tokens.ts";
import { registerClient } from "./registration.ts";
import type { Parameters } from "./token.ts";
import { userinfo } from "./userinfo.ts";

export const oauthRoutes = new Hono<AppEnv>()
  .post("/token", (c) =>
    forClient(c, async (client, params) => {
      const { grant_type } = params;
      if (!grant_type) return { ...err("invalid_request"), detail: "`grant_type` is missing." };
      const grant = grantOf(grant_type);
      return grant ? grant(c.var.deps, client, params) : err("unsupported_grant_type");
    }),
  )
  .post("/device_authorization", (c) => forClient(c, (client, params) => startDevice(c.var.deps, client, params)))
  .post("/revoke", (c) =>
    forClient(c, async (client, { token }) => {
      const revoked = token ? await revokeToken(c.var.deps, client, token) : err("invalid_request");
      return revoked.ok ? ok({}) : revoked;
    }),
  )
  .post("/register", rateLimit("registration"), async (c) => {
    const json: unknown = await c.req.json().catch(() => undefined);
    return answer(c, await registerClient(c.var.deps, json), 201);
  })
  .post("/introspect", (c) =>
    forClient(c, async (client, { token }) => (token ? introspect(c.var.deps, client, token) : err("invalid_request"))),
  )
  .get("/userinfo", async (c) => answer(c, await userinfo(c.var.deps, bearerToken(c))))
  .post("/userinfo", async (c) => answer(c, await userinfo(c.var.deps, bearerToken(c))));

/** A part of the API. */
export const grantRoutes = new Hono<AppEnv>()
  .get("/users/me/grants", bearer, async (c) => answer(c, await ownGrants(c.var.deps, c.var.session)))
  .delete("/users/me/grants/:client_id", bearer, async (c) =>
    answer(c, await revokeOwnGrant(c.var.deps, c.var.session, c.req.param("client_id")), 204),
  );

/**
 * Limits the requests of a network. Polls have a count of their own, because several devices behind
 * one address poll at once, and one above it is told to slow down (RFC 8628 §3.5).
 */
async function limitGrant(deps: Deps, grantType: string | undefined): Promise<Err | undefined> {
  const { ip } = deps.requestContext;
  if (grantType !== DEVICE_GRANT) return checkRateLimit(deps, "credentials");
  const refused = ip === null ? undefined : await deps.limit("sessions", `poll ${ip}`);
  return refused?.code === "too_many_requests" ? err("slow_down") : refused;
}

/**
 * Reads a form and its client, and acts for it. Apps on devices and wrong secrets are limited by
 * network. A right secret is not: the server of a client has one network for all of its users.
 *
 * Errors: `malformed_body`; those of the client; `too_many_requests`.
 */
async function forClient<T>(
  c: Context<AppEnv>,
  act: (client: PresentedClient, params: Parameters) => Promise<Result<T>>,
): Promise<Response> {
  const sent = await readForm(c);
  if (!sent) return fail(c, err("malformed_body"));
  // RFC 6749 §3.2: a parameter without a value counts as omitted.
  const params = Object.fromEntries(Object.entries(sent).filter(([, value]) => value));
  const client = await presentedClient(c.var.deps, { authorization: c.req.header("authorization"), form: params });
  if (!client.ok) return fail(c, (await checkRateLimit(c.var.deps, "credentials")) ?? client);
  const isPublic = !client.value.secretDigests && !client.value.assertion;
  const refused = isPublic ? await limitGrant(c.var.deps, params["grant_type"]) : undefined;
  return refused ? fail(c, refused) : answer(c, await act(client.value, params));
}
