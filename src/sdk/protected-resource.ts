/**
 * The metadata of a protected resource (RFC 9728): tells OAuth clients, such as those of MCP, which
 * service signs users in for an API, and what they can ask it for.
 */
import type { MiddlewareHandler } from "hono";
import type { AuthService } from "../contract/auth-service.ts";
import { perBindings, waitUntilOf } from "./bindings.ts";
import { parseOrigin } from "./issuer.ts";
import type { WaitUntil } from "./key-cache.ts";
import { checkEach } from "./options.ts";
import { unavailable } from "./refusal.ts";
import { isMetadataPath } from "./resource-url.ts";
import { Unavailable } from "./unavailable.ts";
import { cacheOf } from "./verifier.ts";

interface Resource {
  /** The URL of the API, spelled as in `OAUTH_RESOURCES` of the service. */
  resource: string;
  /** All scopes of the API. Clients that meet no challenge ask for them. */
  scopes?: string[];
}

/** With a binding to the service, or with its origin. */
export type ResourceOptions = Resource & ({ auth: Pick<AuthService, "keys"> } | { issuer: string });

/**
 * Creates Hono middleware that serves the metadata of a resource, at
 * `/.well-known/oauth-protected-resource` with and without the path of the resource. Any origin may
 * read it. Requests for other paths pass.
 *
 * The options may be a function of the bindings, as those of `requireAuth`, and are checked as they
 * are. The middleware belongs to the whole app: `app.use(protectedResource(…))`.
 */
export function protectedResource<Bindings extends object = object>(
  options: ResourceOptions | ((bindings: Bindings) => ResourceOptions),
): MiddlewareHandler<{ Bindings: Bindings }> {
  const respondOf = perBindings(options, createResponder);
  return async (c, next) => {
    const response = await respondOf(c.env)(c.req.raw, waitUntilOf(c));
    return response ?? next();
  };
}

/**
 * Returns the response to a request for the metadata of a resource, or undefined if the request is
 * for something else. For Workers without Hono. Rejects with a `TypeError` if the options are
 * invalid.
 */
export async function resourceMetadata(
  request: Request,
  options: ResourceOptions,
  ctx?: { waitUntil(work: Promise<unknown>): void },
): Promise<Response | undefined> {
  return createResponder(options)(request, ctx && ((work) => ctx.waitUntil(work)));
}

const MAX_AGE_SECONDS = 300;

/** Clients in browsers send a header with their version of MCP, which needs a preflight. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Max-Age": "86400",
};

function createResponder(options: ResourceOptions) {
  checkEach(options, ["resource", "scopes", "auth", "issuer"]);
  const { resource, scopes } = options;
  if (resource === undefined) throw new TypeError("Set the resource.");
  const issuerOf = "issuer" in options ? constant(parseOrigin(options.issuer)) : issuerBehind(options);

  return async ({ method, url }: Request, waitUntil: WaitUntil | undefined): Promise<Response | undefined> => {
    if (!["GET", "HEAD", "OPTIONS"].includes(method) || !isMetadataPath(new URL(url).pathname, resource)) return;
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: CORS });
    const issuer = await issuerOf(waitUntil);
    if (issuer === undefined) return unavailable(CORS).response;
    const metadata = {
      resource,
      authorization_servers: [issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ["header"],
    };
    const headers = { ...CORS, "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` };
    return Response.json(metadata, { headers });
  };
}

const constant = (issuer: string) => async () => issuer;

/** The key cache knows the issuer. Returns undefined if the service was never reached. */
function issuerBehind(options: ResourceOptions) {
  const cache = cacheOf(options);
  return async (waitUntil: WaitUntil | undefined) => {
    try {
      return (await cache.issuer(Date.now(), waitUntil)).issuer;
    } catch (error) {
      if (error instanceof Unavailable) return undefined;
      throw error;
    }
  };
}
