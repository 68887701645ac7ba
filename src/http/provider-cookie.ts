/** The identity provider that this browser last signed in with, for a hint. */
import type { Context } from "hono";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "last_provider";
/** Browsers keep no cookie for longer (RFC 6265bis §5.5). */
const TTL_SECONDS = 400 * 86_400;

export const lastProvider = (c: Context): string | undefined => hostCookie(c, NAME);

export const rememberProvider = (c: Context, id: string) =>
  setHostCookie(c, NAME, id, { sameSite: "Lax", maxAge: TTL_SECONDS });

/** Forgets it after a sign-in in another way. */
export function forgetProvider(c: Context) {
  if (lastProvider(c) !== undefined) setHostCookie(c, NAME, "", { sameSite: "Lax", maxAge: 0 });
}
