/**
 * Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): a client that nobody
 * registered names itself by the URL of a document that says what it is.
 *
 * The URL comes from a stranger. Only public https hosts are asked, without redirects, for at most
 * five seconds and five kilobytes, and all failures look alike. The compatibility flag
 * `global_fetch_strictly_public` keeps requests out of the zone of the service.
 */
import * as z from "zod/mini";
import type { Deps } from "../../deps.ts";
import { readUpTo } from "../../identity-providers/outbound.ts";
import { err, ok, type Result } from "../../result.ts";
import { line } from "../../schemas/text.ts";
import { findClient, putDocumentClient } from "../../storage/oauth-clients.ts";
import { isRedirectUri, registeredForm } from "./redirect-uri.ts";

const TIMEOUT_MILLISECONDS = 5000;
const MAX_BYTES = 5120;
const MAX_URL_LENGTH = 200;

/** How long a document counts, whatever its `Cache-Control` says. */
const MIN_FRESH_SECONDS = 300;
const MAX_FRESH_SECONDS = 86_400;
/** How long a client goes on whose document cannot be read. */
const MAX_STALE_MILLISECONDS = 86_400_000;

/** Names that exist only inside a network (RFC 6761, RFC 6762, RFC 8375). */
const PRIVATE_NAME = /\.(localhost|local|internal|intranet|lan|home|corp|test|invalid|onion|home\.arpa)$/;

/** Tests whether a client id is the URL of a document that may be asked for. */
export function isDocumentUrl({ config }: Deps, text: string): boolean {
  const url = text.startsWith("https://") ? URL.parse(text) : null;
  if (!url || url.href !== text || text.length > MAX_URL_LENGTH) return false;
  const { hostname, pathname, hash, username, password, port } = url;
  if (hash || username || password || port || pathname === "/" || !isPublicName(hostname)) return false;
  return config.OAUTH_CIMD === "on" && hostname !== new URL(config.ISSUER).hostname && !isBlocked(config, text);
}

/** Tests whether the operator has blocked the host of a client id, or a domain above it. */
export function isBlocked({ OAUTH_CIMD_BLOCKED_HOSTS }: Deps["config"], clientId: string): boolean {
  const host = clientId.startsWith("https://") && URL.parse(clientId)?.hostname;
  return Boolean(host) && OAUTH_CIMD_BLOCKED_HOSTS.some((blocked) => `.${host}`.endsWith(`.${blocked}`));
}

/** A name with a dot whose last label has a letter: no IP address, in any of its spellings. */
const isPublicName = (host: string) => /\.[a-z][a-z\d-]+$/.test(host) && !PRIVATE_NAME.test(host);

const ClientDocument = z.looseObject({
  client_id: z.string(),
  client_name: z.optional(line({ max: 60 })),
  redirect_uris: z.array(z.string().check(z.refine(isRedirectUri))).check(z.minLength(1), z.maxLength(20)),
  // The document is public, so it holds no secret.
  token_endpoint_auth_method: z.optional(z.literal("none")),
  grant_types: z.optional(z.array(z.string())),
});

/**
 * Makes sure that the client with this URL is known and fresh. A document that cannot be read
 * leaves the client as it was, until it is too old. Errors: `unknown_client`, `too_many_requests`.
 */
export async function loadClientDocument(deps: Deps, url: string): Promise<Result> {
  const known = await findClient(deps.db, url);
  const now = deps.now();
  if (known?.freshUntil && known.freshUntil > now) return ok();
  const refused = await deps.limit("registration", deps.requestContext.ip ?? "unknown");
  if (refused) return refused;
  const read = await readDocument(url);
  if (!read) return known?.freshUntil && known.freshUntil > now - MAX_STALE_MILLISECONDS ? ok() : err("unknown_client");

  const { document, freshSeconds } = read;
  const isKept = await putDocumentClient(deps.db, {
    id: url,
    name: document.client_name ?? new URL(url).hostname,
    redirectUris: document.redirect_uris.map(registeredForm),
    createdAt: now,
    freshUntil: now + freshSeconds * 1000,
  });
  return isKept ? ok() : err("unknown_client");
}

/** Reads a document. Returns undefined for every failure: which one it is would tell a stranger. */
async function readDocument(url: string) {
  try {
    const answer = await fetch(url, {
      headers: { accept: "application/json", "user-agent": "Gatehouse" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (answer.status !== 200 || !/^application\/([\w.-]+\+)?json\b/i.test(answer.headers.get("content-type") ?? "")) {
      await answer.body?.cancel();
      return undefined;
    }
    const document = ClientDocument.safeParse(JSON.parse((await readUpTo(MAX_BYTES, answer)) ?? ""));
    if (!document.success || document.data.client_id !== url) return undefined;
    return { document: document.data, freshSeconds: freshSecondsOf(answer.headers.get("cache-control") ?? "") };
  } catch {
    return undefined;
  }
}

function freshSecondsOf(cacheControl: string): number {
  const [, seconds = "0"] = /\bmax-age=(\d{1,9})/.exec(cacheControl) ?? [];
  return Math.min(Math.max(Number(seconds), MIN_FRESH_SECONDS), MAX_FRESH_SECONDS);
}
