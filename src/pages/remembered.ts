import type { Context } from "hono";
import { dropPageCookie, pageCookie, setPageCookie } from "./cookies.ts";

const TTL_SECONDS = 1800;

/** What one page knows and a later one needs, out of addresses, histories and logs: who was named, where they wanted to go,
 *  and the token of the link that they opened. */
type Name = "identifier" | "return_to" | "reset_token";

export const remember = (c: Context, name: Name, value: string) => setPageCookie(c, name, value, TTL_SECONDS);

export const remembered = (c: Context, name: Name) => pageCookie(c, name);

export const forget = (c: Context, name: Name) => dropPageCookie(c, name);
