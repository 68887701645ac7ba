import type { Context } from "hono";
import { dropPageCookie, pageCookie, setPageCookie } from "./cookies.ts";

const NAME = "identifier";
const TTL_SECONDS = 1800;

/** Keeps what somebody gave for the next form, out of addresses and logs. */
export const rememberIdentifier = (c: Context, identifier: string) => setPageCookie(c, NAME, identifier, TTL_SECONDS);

export const rememberedIdentifier = (c: Context) => pageCookie(c, NAME);

export const forgetIdentifier = (c: Context) => dropPageCookie(c, NAME);
