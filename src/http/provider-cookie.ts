/** The identity provider that this browser last signed in with, for a hint. */
import type { Context } from "hono";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "last_provider";
/** Browsers keep no cookie for longer (RFC 6265bis §5.5). */
const TTL_SECONDS = 400 * 86_400;

export const lastProvider = (c: Context): string | undefined => hostCookie(c, NAME);

/** Remembers it. Null forgets it, after a sign-in in another way. */
export function rememberProvider(c: Context, id: string | null) {
  if (id === null && lastProvider(c) === undefined) return;
  setHostCookie(c, NAME, id ?? "", { sameSite: "Lax", maxAge: id === null ? 0 : TTL_SECONDS });
}
