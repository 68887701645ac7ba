import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";

const NAME = "identifier";
const TTL_SECONDS = 1800;

/** Keeps what somebody gave for the next form, out of addresses and logs. */
export const rememberIdentifier = (c: Context, identifier: string) =>
  setCookie(c, NAME, identifier, { prefix: "host", httpOnly: true, sameSite: "Lax", maxAge: TTL_SECONDS });

export function forgetIdentifier(c: Context) {
  if (rememberedIdentifier(c)) setCookie(c, NAME, "", { prefix: "host", httpOnly: true, sameSite: "Lax", maxAge: 0 });
}

export const rememberedIdentifier = (c: Context): string | undefined => getCookie(c, NAME, "host");
