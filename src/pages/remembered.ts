import type { Context } from "hono";
import { dropPageCookie, pageCookie, setPageCookie } from "./cookies.ts";

const TTL_SECONDS = 1800;

/** Values that one page passes on to a later one: the typed identifier, and the return address. */
type Name = "identifier" | "return_to";

export const remember = (c: Context, name: Name, value: string) => setPageCookie(c, name, value, TTL_SECONDS);

export const remembered = (c: Context, name: Name) => pageCookie(c, name);

export const forget = (c: Context, name: Name) => dropPageCookie(c, name);
