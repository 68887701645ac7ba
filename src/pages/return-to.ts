import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { remember, remembered } from "./remembered.ts";

/** Browsers keep no cookie of more than 4096 octets, its name and attributes among them. */
const MAX_LENGTH = 3500;

/** Where somebody goes on to. */
export interface ReturnTo {
  /** A path of ours, or an address of a frontend. */
  address: string;
  origin: string;
}

/** Where to go after a form: a path of ours, or an address of a frontend in `ALLOWED_ORIGINS`; undefined for anything
 *  else. Parsed as browsers parse it, and answered as it was parsed. */
export function parseReturnTo<E extends AppEnv>(c: Context<E>, text: string | undefined): ReturnTo | undefined {
  const { ISSUER, ALLOWED_ORIGINS } = c.var.deps.config;
  const url = text ? URL.parse(text, ISSUER) : null;
  if (!url || url.username || url.password || ![ISSUER, ...ALLOWED_ORIGINS].includes(url.origin)) return undefined;
  // A browser reads a backslash as a slash, and more besides: only what is written plainly is taken.
  const isPlain = /^(\/(?![/\\])|https?:\/\/)[\x21-\x5b\x5d-\x7e]*$/.test(text ?? "");
  // What it comes to as a path must not be read as a host.
  if (!isPlain || url.pathname.startsWith("//")) return undefined;
  const { origin, pathname, search, href } = url;
  return { origin, address: origin === ISSUER ? pathname + search : href };
}

/** Where a visitor wants to go once signed in, as the address of this page says or that of one before it. */
export const wantedReturn = <E extends AppEnv>(c: Context<E>): ReturnTo | undefined =>
  parseReturnTo(c, c.req.query("return_to")) ?? parseReturnTo(c, remembered(c, "return_to"));

/** Keeps that for the pages on the way, which may be several. */
export function rememberReturn<E extends AppEnv>(c: Context<E>) {
  const { address = "" } = parseReturnTo(c, c.req.query("return_to")) ?? {};
  if (address && encodeURIComponent(address).length <= MAX_LENGTH) remember(c, "return_to", address);
}

/** A path of ours, with its query; the account's own page for anything else. */
export function ownPath<E extends AppEnv>(c: Context<E>, text: string | undefined): string {
  const to = parseReturnTo(c, text);
  return to && to.origin === c.var.deps.config.ISSUER ? to.address : "/account";
}
