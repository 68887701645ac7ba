/**
 * What is known about codes and links that were sent: which of them may pass, and how often codes
 * were tried.
 */
import type { Letter } from "./letters.ts";
import { recoveryAddresses } from "./model.ts";
import type { Outcome } from "./play.ts";
import type { OpenSecret, SignUp, Snapshot } from "./snapshot.ts";
import type { Step } from "./steps.ts";

/** A code or link that somebody typed or opened. */
export interface Mailed {
  purpose: "login-code" | "reauthentication-code";
  /** The id of the secret. Undefined for a guess. */
  secretId: string | undefined;
  /** The account that it was sent for. Undefined if there is none yet. */
  userId: string | undefined;
  /** Why it must not pass. Undefined if it may. */
  flaw: string | undefined;
  /** As many attempts were made at it as there may be. */
  isExhausted: boolean;
  /** The session or the identifier that it was sent for. */
  target: Target;
  /** A code. A link is no guess. */
  isTyped: boolean;
  /** The proof that it uses up. */
  proof: { key: string; userId: string } | undefined;
}

/** The flaw of a secret whose account may be enabled at the same moment. */
export const DISABLED = "of a disabled account";
const MAX_ATTEMPTS = 5;
const MAX_ATTEMPTS_IN_ALL = 10;
const HOUR_MILLISECONDS = 3_600_000;

/** A session that a code proves again, or the identifier that it is typed with. */
export type Target = { userId: string } | { identifier: string | undefined };

/** Returns why the secret of a letter must not pass for this purpose and target. */
export function flawOf(
  { secrets, signUps, accounts }: Snapshot,
  { id }: Letter,
  purpose: Mailed["purpose"],
  target: Target,
): string | undefined {
  const secret = secrets.get(id);
  const signUp = signUps.get(id);
  const account = secret && accounts.get(secret.userId);
  if (signUp) {
    const isNamed = "identifier" in target && [signUp.address, undefined].includes(target.identifier);
    return purpose === "login-code" && isNamed ? undefined : "of a sign-up";
  }
  if (!secret || !account) return "that is used, replaced or expired";
  if (secret.purpose !== purpose) return `whose purpose is ${secret.purpose}`;
  if (account.disabled) return DISABLED;
  if (!recoveryAddresses(account).includes(secret.address)) return "to an address that does not recover the account";
  if ("userId" in target) return target.userId === secret.userId ? undefined : "of another account";
  return [secret.address, account.username, undefined].includes(target.identifier) ? undefined : "of another name";
}

/** Tests whether a code or link led to a session, or to the next step of a sign-in. */
export const isPassed = ({ answers }: Pick<Outcome, "answers">): boolean =>
  answers.some(({ json }) => json?.refresh_token || json?.login_token);

export const createCodes = () => {
  /** The attempts at each secret that were compared, by its id. */
  const tried = new Map<string, Pick<OpenSecret, "userId" | "purpose" | "requestedBy"> & { n: number; at: number }>();

  /**
   * Tests whether all attempts at the code of this secret are used up. Strangers can make fewer at
   * one that the owner's device requested. The model does not know who is a stranger, so it does
   * not count those.
   */
  function isExhausted({ id, ...secret }: Pick<OpenSecret, "id" | "userId" | "purpose" | "requestedBy">): boolean {
    if (secret.requestedBy === "owner") return false;
    const alike = [...tried.values()].filter(({ userId, purpose, requestedBy, at }) => {
      const isOf = userId === secret.userId && purpose === secret.purpose && requestedBy === secret.requestedBy;
      return isOf && at > Date.now() - HOUR_MILLISECONDS;
    });
    return (tried.get(id)?.n ?? 0) >= MAX_ATTEMPTS || alike.reduce((sum, { n }) => sum + n, 0) >= MAX_ATTEMPTS_IN_ALL;
  }

  /** Counts an attempt at every code that it was compared with. */
  function count({ secrets, signUps, accounts }: Snapshot, { purpose, target }: Pick<Mailed, "purpose" | "target">) {
    const isCompared = ({ userId, address, purpose: its }: OpenSecret) => {
      if (its !== purpose) return false;
      if ("userId" in target) return userId === target.userId;
      return target.identifier === address || target.identifier === accounts.get(userId)?.username;
    };
    const waiting = [...signUps.values()].filter(({ address }) => {
      return "identifier" in target && target.identifier === address;
    });
    const compared = [...[...secrets.values()].filter(isCompared), ...waiting.map(ofSignUp)];
    // The others are not compared anymore.
    for (const secret of compared.filter((each) => !isExhausted(each))) {
      tried.set(secret.id, { ...secret, n: (tried.get(secret.id)?.n ?? 0) + 1, at: Date.now() });
    }
  }

  return {
    isExhausted,

    /** Counts the attempts of a step. Of two acts at once, one may void the code of the other. */
    update(step: Step, outcomes: Outcome[], before: Snapshot) {
      if ("both" in step) return;
      for (const { mailed, answers } of outcomes) {
        if (!mailed?.isTyped) continue;
        const isCompared = (answer: Outcome["answers"][number]) =>
          answer.json?.code === "invalid_code" || isPassed({ answers: [answer] });
        for (const _ of answers.filter(isCompared)) count(before, mailed);
      }
    },
  };
};

/** A sign-up as a secret: it has its own count of attempts. */
export const ofSignUp = ({ id, address }: SignUp) => ({
  id,
  address,
  userId: id,
  purpose: "login-code",
  requestedBy: "anyone",
});
