/** Which removals of second factors wait, as far as administrators asked and owners canceled. */
import { isPassed } from "./codes.ts";
import type { Outcome } from "./play.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Step } from "./steps.ts";

/** FACTOR_REMOVAL_DELAY_SECONDS. */
export const REMOVAL_DELAY_SECONDS = 3600;

export const createRemovals = () => {
  /** When it was asked for, in Unix milliseconds, by account. */
  const waiting = new Map<string, number>();
  const isDue = (askedAt: number) => askedAt + REMOVAL_DELAY_SECONDS * 1000 <= Date.now();

  return {
    waiting,

    /** The accounts whose removal is due. */
    due: () => new Set([...waiting].filter(([, askedAt]) => isDue(askedAt)).map(([userId]) => userId)),

    /** Follows a step. Of two acts at once, or of a fault, the database says what was done. */
    update(step: Step, outcomes: Outcome[], after: Snapshot) {
      if ("act" in step) {
        for (const { removal, removes, proof, adds, cleans, answers } of outcomes) {
          const isAccepted = answers.some(({ json }) => json?.refresh_token);
          if (removal?.isAsked && !waiting.has(removal.userId)) waiting.set(removal.userId, Date.now());
          if (removal && !removal.isAsked) waiting.delete(removal.userId);
          // Who uses a factor, or adds one, has not lost it.
          if (isAccepted && proof) waiting.delete(proof.userId);
          if (isAccepted && adds) waiting.delete(adds);
          // "taken-clean-ends-removals" says whether it should still wait.
          const isGone = cleans !== undefined && after.accounts.get(cleans)?.removalDueAt === null;
          if (isPassed({ answers }) && isGone) waiting.delete(cleans);
          for (const userId of removes ?? []) waiting.delete(userId);
        }
      }
      for (const { id, removalDueAt } of "act" in step ? [] : after.accounts.values()) {
        if (removalDueAt === null) waiting.delete(id);
        else if (!waiting.has(id)) waiting.set(id, Date.now());
      }
      for (const userId of waiting.keys()) if (!after.accounts.has(userId)) waiting.delete(userId);
    },
  };
};
