import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { isAllowedOrigin } from "../http/origin.ts";
import { remember, remembered } from "../http/page-cookies.ts";
import { isOwnNavigation } from "./navigation.ts";

/** Browsers drop cookies of more than 4096 bytes, name and attributes included. */
const MAX_LENGTH = 3500;

/** A validated return address. */
export interface ReturnTo {
  /** A path of this service, or a URL of a frontend. */
  address: string;
  origin: string;
}

/**
 * Validates a return address: a path of this service, or a web page in `ALLOWED_ORIGINS`. Returns
 * undefined for anything else, so that a link cannot redirect to another site (open redirect).
 */
export function parseReturnTo<E extends AppEnv>(c: Context<E>, text: string | null | undefined): ReturnTo | undefined {
  const { ISSUER } = c.var.deps.config;
  const url = text ? URL.parse(text, ISSUER) : null;
  if (!url || url.username || url.password || !isAllowedOrigin(c, url.origin)) return undefined;
  // Browsers read a backslash as a slash and drop tabs and line breaks: accept plain text only.
  const isPlain = /^(\/(?![/\\])|https?:\/\/)[\x21-\x5b\x5d-\x7e]*$/.test(text ?? "");
  // Reject a path that resolves to `//host`: browsers treat it as protocol-relative.
  if (!isPlain || url.pathname.startsWith("//")) return undefined;
  const { origin, pathname, search, href } = url;
  return { origin, address: origin === ISSUER ? pathname + search : href };
}

/** Returns where to go after sign-in: `return_to` of this page, or of an earlier one. */
export const wantedReturn = <E extends AppEnv>(c: Context<E>): ReturnTo | undefined =>
  givenReturn(c) ?? parseReturnTo(c, remembered(c, "return_to"));

/**
 * Adds a return address to the path of a page that remembers it, or of a form whose act does, after
 * other parameters.
 */
export function carryReturn(path: string, to: ReturnTo | undefined, others: Record<string, string> = {}): string {
  const query = new URLSearchParams({ ...others, ...(to && { return_to: to.address }) });
  return query.size > 0 ? `${path}?${query}` : path;
}

/** Returns the valid `return_to` of this page, for `carryReturn`. */
export const givenReturn = <E extends AppEnv>(c: Context<E>) => parseReturnTo(c, c.req.query("return_to"));

/**
 * Keeps a return address for the later pages of the flow: by default, the `return_to` of this page.
 * Only a form of ours or an own navigation sets the cookie, so that another site cannot choose
 * where a later sign-in leads. The pages carry the address in their links and forms until then.
 */
export function rememberReturn<E extends AppEnv>(c: Context<E>, to = givenReturn(c)) {
  const isOwn = c.req.method === "POST" || isOwnNavigation(c);
  if (isOwn && to && encodeURIComponent(to.address).length <= MAX_LENGTH) remember(c, "return_to", to.address);
}

/** Tests whether a return address is one of a frontend. */
export const isFrontend = <E extends AppEnv>(c: Context<E>, to: ReturnTo): boolean =>
  to.origin !== c.var.deps.config.ISSUER;

/** Returns the path if it is one of this service, and `/account` otherwise. */
export function ownPath<E extends AppEnv>(c: Context<E>, text: string | undefined): string {
  const to = parseReturnTo(c, text);
  return to && !isFrontend(c, to) ? to.address : "/account";
}

const LISTS = ["/account/passkeys", "/account/identities", "/account/apps", "/account/api-keys", "/admin"];

/** Returns the page whose links lead to this form of an account. */
export const pageBefore = (path: string): string => LISTS.find((list) => path.startsWith(`${list}/`)) ?? "/account";
