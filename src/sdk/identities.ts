/**
 * Sign-in with accounts at identity providers, such as Google, and the linked accounts of a user.
 * The provider shows pages of its own, so the browser leaves this page and comes back to it.
 */
import type { IdentityLink, IdentityList } from "../contract/factors.ts";
import type * as requests from "../contract/requests.ts";
import type { Act, ReplaceSession } from "./request.ts";

const PATH = "/users/me/identities";

interface Settings {
  baseUrl: string;
  act: Act;
  replaceSession: ReplaceSession;
}

export interface ReturnTo {
  /** Where the browser comes back to: a page in `ALLOWED_ORIGINS`. Default: this page. */
  returnTo?: string;
}

export interface Prompt {
  /**
   * Lets the provider ask a user again whom it knows, before an act that needs a recent sign-in.
   * Not every provider can.
   */
  prompt?: "login";
}

export type LinkProof = Omit<requests.LinkIdentity, "provider" | "return_to">;

/** The part of a browser's `location` that is used. */
const page = () => (globalThis as { location?: { href: string; assign(url: string): void } }).location;

/** Creates the methods of a client for identity providers. They need a page with `location`. */
export const createIdentities = ({ baseUrl, act, replaceSession }: Settings) => ({
  /**
   * Leads the browser to the provider with this id. It comes back signed in: the refresh token is
   * in the cookie, so the client needs the transport `cookie`.
   */
  social(provider: string, { returnTo = page()?.href, prompt }: ReturnTo & Prompt = {}): void {
    const query = new URLSearchParams({
      ...(returnTo !== undefined && { return_to: returnTo }),
      ...(prompt && { prompt }),
    });
    page()?.assign(`${baseUrl}/auth/social/${encodeURIComponent(provider)}${`?${query}`.replace(/\?$/, "")}`);
  },
  identities: {
    list: () => act<IdentityList>({ method: "GET", path: PATH }),
    /** Leads the browser to the provider, to link an account there. */
    async link(provider: string, { returnTo = page()?.href, ...proof }: ReturnTo & LinkProof = {}) {
      const body = { ...proof, provider, return_to: returnTo };
      const started = await act<IdentityLink>({ method: "POST", path: PATH, body });
      if (started.ok) page()?.assign(started.value.url);
      return started;
    },
    unlink: (id: string, input: requests.UnlinkIdentity = {}) =>
      replaceSession("DELETE", `${PATH}/${encodeURIComponent(id)}`, input),
  },
});
