/** The browsers of people: each keeps a nonce in a cookie, by which a mailed link knows it. */
import { digestOfSecret } from "../../src/crypto/one-time.ts";
import { browserOf } from "../support/login-code-routes.ts";
import { ownBrowser } from "../support/login-codes.ts";
import type { Actor } from "./people.ts";

/** Requests that the nonce matters to. */
const NAMES_BROWSER = ["/auth/login/request-code", "/auth/login/link"];
/** Another browser, which asked for something else. */
const ELSEWHERE = "e".repeat(43);

export const createBrowsers = () => {
  const nonces = new Map<Actor, string>();

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

    /** Tests whether a link with this digest was requested in the browser that the person uses. */
    hasAsked(who: Actor, digest: string | undefined): boolean {
      const nonce = nonces.get(who);
      return nonce !== undefined && digestOfSecret(nonce) === digest;
    },
  };
};
