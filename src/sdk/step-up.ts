/**
 * Step-up authentication (RFC 9470) in the client: has the app prove the user again. It sends no
 * request and does not decide which requests are repeated.
 */
import type { ClientSession } from "./client-session.ts";
import type { StepUp } from "./step-up-challenge.ts";
import { claimsOf } from "./token-claims.ts";

/**
 * Proves the user again, and returns whether that was done: asks for a password or a code and calls
 * `reauthenticate`, for example.
 */
export type OnStepUp = (required: StepUp) => boolean | Promise<boolean>;

/**
 * Creates a function that returns a token which meets a challenge, in place of the `rejected` one.
 * Concurrent challenges share one call of the app. Returns undefined if the user was not proven
 * again.
 */
export function createStepUp(session: ClientSession, onStepUp: OnStepUp) {
  let running: { required: StepUp; isProven: Promise<boolean> } | undefined;

  function start(required: StepUp) {
    const isProven = prove(required).finally(() => {
      running = undefined;
    });
    return { required, isProven };
  }

  async function prove(required: StepUp): Promise<boolean> {
    try {
      return await onStepUp(required);
    } catch (error) {
      console.error(error);
      return false;
    }
  }

  return async function answer(required: StepUp, rejected: string): Promise<string | undefined> {
    const current = await session.token();
    if (!current.ok) return undefined;
    if (isStronger(current.value, rejected, required)) return current.value;
    if (running && !covers(running.required, required)) {
      // A call for less is not enough, and two dialogs at once would confuse.
      await running.isProven;
      return answer(required, rejected);
    }

    running ??= start(required);
    if (!(await running.isProven)) return undefined;
    const proven = await session.token();
    // The user was perhaps proven on another page: a refresh gets the new authentication.
    const renewed = proven.ok && proven.value === rejected ? await session.replace(rejected) : proven;
    return renewed.ok ? renewed.value : undefined;
  };
}

/** A new authentication has every age. */
const covers = (running: StepUp, required: StepUp) => required.acr === undefined || required.acr === running.acr;

/** Tests whether the user was proven since `rejected` was issued, on the required level. */
function isStronger(token: string, rejected: string, { acr }: StepUp): boolean {
  const [now, before] = [claimsOf(token), claimsOf(rejected)];
  return now.auth_time > before.auth_time && (acr === undefined || now.acr === acr);
}
