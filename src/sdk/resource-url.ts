/** The URLs of a resource: its identifier (RFC 8707 §2) and its metadata (RFC 9728 §3). */
import { isSecure } from "./issuer.ts";

/** Tests for the URL of a resource, as the service accepts it in `OAUTH_RESOURCES`. */
export function isResource(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && isSecure(url) && url.href === url.origin + url.pathname;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Returns where the metadata of a resource is: its path follows the well-known one (§3.1). */
export function metadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}${WELL_KNOWN}${pathname === "/" ? "" : pathname}`;
}

/**
 * Tests whether a path is that of the metadata of a resource. Clients that know only the host ask
 * without the path of the resource.
 */
export function isMetadataPath(path: string, resource: string): boolean {
  const own = withoutSlash(new URL(metadataUrl(resource)).pathname);
  return [WELL_KNOWN, own].includes(withoutSlash(path));
}

const withoutSlash = (path: string) => path.replace(/\/$/, "");
