import type { ClientSession } from "./client-session.ts";
import type { Fetch } from "./request.ts";
import { createStepUp, type OnStepUp } from "./step-up.ts";
import { stepUpOf } from "./step-up-challenge.ts";

interface Settings {
  session: ClientSession;
  request: Fetch;
  /** The origins that may get the token. */
  trusted: string[];
  onStepUp: OnStepUp | undefined;
}

/**
 * Creates a `fetch` that sends the access token. It repeats a request once if the token is
 * rejected, and once if the user had to be proven again.
 */
export function createAuthorizedFetch({ session, request, trusted, onStepUp }: Settings) {
  const stepUp = onStepUp && createStepUp(session, onStepUp);

  return async (...args: Parameters<typeof fetch>): Promise<Response> => {
    let unsent = new Request(...args);
    const { origin } = new URL(unsent.url);
    if (!trusted.includes(origin)) throw new TypeError(`${origin} is not one of tokenOrigins.`);
    const attempt = (token: string) => {
      const sent = unsent;
      // For the next attempt: a body can be read only once.
      unsent = sent.clone();
      sent.headers.set("Authorization", `Bearer ${token}`);
      return request(sent);
    };

    let token = await session.token();
    if (!token.ok && token.code !== "unauthenticated") throw new TypeError(`No access token: ${token.code}.`);
    if (!token.ok) return request(unsent);

    let response = await attempt(token.value);
    // A new token does not help if the user has to be proven again.
    if (response.status === 401 && !stepUpOf(response)) {
      token = await session.replace(token.value);
      if (!token.ok) return response;
      response = await attempt(token.value);
    }
    const required = stepUpOf(response);
    const proven = required && (await stepUp?.(required, token.value));
    return proven ? attempt(proven) : response;
  };
}
