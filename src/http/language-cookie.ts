/**
 * The language that was chosen on a page, in a cookie that outlives the visit. It comes before the
 * languages that the browser prefers, in pages and in the messages that the visit causes.
 */
import type { Context } from "hono";
import { type Locale, pickLocale } from "../locales/locales.ts";
import type { AppEnv } from "./app-env.ts";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "language";
/** Browsers keep no cookie for longer (RFC 6265bis §5.5). */
const TTL_SECONDS = 400 * 86_400;
/** Within this time a replica of the database may not know the language that was stored. */
const REPLICA_LAG_MILLISECONDS = 60_000;

export const languageCookie = (c: Context): Locale | undefined => pickLocale([hostCookie(c, NAME) ?? ""]);

/**
 * Sets the language of this browser and of the rest of this request. `isStored`: the profile has
 * just been given it too, and the cookie says when.
 */
export function setLanguage<E extends AppEnv>(c: Context<E>, locale: Locale, isStored = false) {
  const { requestContext, now } = c.var.deps;
  requestContext.locale = locale;
  setHostCookie(c, NAME, isStored ? `${locale}.${now()}` : locale, { sameSite: "Lax", maxAge: TTL_SECONDS });
}

/** Sets the language of the user's profile, which was just read, if there are words in it. */
export function followProfile<E extends AppEnv>(c: Context<E>, tag: string | null) {
  const locale = pickLocale([tag ?? ""]);
  const storedAt = Number(/\d+$/.exec(hostCookie(c, NAME) ?? "")?.[0] ?? 0);
  const mayBeOld = c.var.deps.now() - storedAt < REPLICA_LAG_MILLISECONDS;
  if (locale && locale !== languageCookie(c) && !mayBeOld) setLanguage(c, locale);
}
