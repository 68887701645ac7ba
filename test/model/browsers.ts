/**
 * The browsers of people: each keeps a nonce in a cookie, by which a mailed link knows it, and the
 * cookies of a way to an identity provider.
 */
import { digestOfSecret } from "../../src/crypto/one-time.ts";
import { browserOf } from "../support/login-code-routes.ts";
import { ownBrowser } from "../support/login-codes.ts";
import type { Actor } from "./people.ts";

/** Requests that the nonce matters to. */
const NAMES_BROWSER = ["/auth/login/request-code", "/auth/login/link"];
/** Another browser, which asked for something else. */
const ELSEWHERE = "e".repeat(43);
/** Cookies that a browser sends on its way to a provider and back. */
const KEPT = ["social", "pending_link"];

/** The cookies that an answer sets, without their prefix. A deleted one is empty. */
export const cookiesIn = (headers: Headers): Record<string, string> =>
  Object.fromEntries(headers.getSetCookie().map((line) => /^__Host-([^=]+)=([^;]*)/.exec(line)?.slice(1, 3) ?? []));

export const createBrowsers = () => {
  const nonces = new Map<Actor, string>();
  const cookies = new Map<Actor, Record<string, string>>();

  return {
    /** The cookie of a request. */
    headersOf(who: Actor, path: string, isElsewhere: boolean): Record<string, string> {
      const nonce = isElsewhere ? ELSEWHERE : nonces.get(who);
      return nonce !== undefined && NAMES_BROWSER.includes(path) ? ownBrowser(nonce) : {};
    },

    keep(who: Actor, headers: Headers) {
      const nonce = browserOf(headers);
      if (nonce !== "") nonces.set(who, nonce);
    },

    cookiesOf: (who: Actor): Record<string, string> => cookies.get(who) ?? {},

    keepCookies(who: Actor, headers: Headers) {
      const kept = Object.entries({ ...cookies.get(who), ...cookiesIn(headers) });
      const isKept = ([name, value]: [string, string]) => KEPT.includes(name) && value !== "";
      cookies.set(who, Object.fromEntries(kept.filter(isKept)));
    },

    /** Tests whether a link with this digest was requested in the browser that the person uses. */
    hasAsked(who: Actor, digest: string | undefined): boolean {
      const nonce = nonces.get(who);
      return nonce !== undefined && digestOfSecret(nonce) === digest;
    },
  };
};
