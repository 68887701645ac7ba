/**
 * The conditions on what protects second factors that must hold after every step: the policy that
 * requires one, the removal of lost ones, and the count of wrong proofs.
 */
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import type { Play } from "./play.ts";
import { REMOVAL_DELAY_SECONDS } from "./removals.ts";
import { type Account, hasSecondFactor, isTakenClean, MAX_WRONG_FACTORS, WRONG_FACTORS_LEFT } from "./snapshot.ts";
import { singlesOf } from "./steps.ts";

/** The accounts that were there before the step, as they were and as they are. */
const kept = ({ before, after }: Transition) =>
  [...after.accounts.values()].flatMap((account) => {
    const old = before.accounts.get(account.id);
    return old ? [{ old, account }] : [];
  });

/** Tests whether a proof was right. Its answer may be lost. */
const isProven = ({ step, outcomes }: Transition, { id }: Account) =>
  outcomes.some(({ proof, answers }) => {
    return proof?.userId === id && ("fault" in step || answers.some(({ json }) => json?.refresh_token));
  });

const isWaiting = ({ model }: Play, { id }: Account) => model.removals.waiting.has(id);

/** What a removal that is asked for, waits or happens has to be like. */
function brokenRemovals(transition: Transition, old: Account, account: Account): string[] {
  const { play, after, outcomes } = transition;
  const name = nameOf(account);
  const dueAt = account.removalDueAt;
  const isNew = old.removalDueAt === null && dueAt !== null;
  const isRemoved = outcomes.some(({ removes }) => removes?.has(account.id)) && hasSecondFactor(old);
  return [
    ...(dueAt !== null && !isWaiting(play, account) ? [`a canceled removal of the factors of ${name} waits`] : []),
    ...(dueAt === null && isWaiting(play, account) ? [`a removal of the factors of ${name} was lost`] : []),
    ...(isNew && !play.isNotified("factor-removal-requested", account) ? [`${name} hears of no request`] : []),
    ...(isNew && dueAt < after.at + REMOVAL_DELAY_SECONDS * 1000 ? [`${name} has no time to keep its factors`] : []),
    ...(isRemoved && !hasSecondFactor(account) && !play.isNotified("factors-removed", account)
      ? [`${name} hears of no removal`]
      : []),
  ];
}

function miscounted(transition: Transition, old: Account, account: Account): string[] {
  const { step, outcomes } = transition;
  const name = nameOf(account);
  const left = old.passwordHash === account.passwordHash ? old.wrongFactors : WRONG_FACTORS_LEFT;
  const isForgotten = isProven(transition, account) || !hasSecondFactor(account);
  const isLess = account.wrongFactors < Math.min(old.wrongFactors, left) && !isForgotten;
  const tried = "act" in step ? outcomes.filter(({ guessesAt }) => guessesAt === account.id) : [];
  const isAccepted = tried.some(({ proof, answers }) => proof && answers.some(({ json }) => json?.refresh_token));
  // A right proof that was used before is none to count.
  const isWrong = tried.some(
    ({ proof, answers }) => !proof && answers.some(({ json }) => json?.code === "invalid_code"),
  );
  return [
    ...(isLess ? [`wrong proofs of ${name} are forgotten`] : []),
    ...(isWrong && account.wrongFactors <= old.wrongFactors ? [`a wrong proof of ${name} does not count`] : []),
    ...(isAccepted && old.wrongFactors >= MAX_WRONG_FACTORS
      ? [`a proof of ${name} was accepted after a hundred wrong ones`]
      : []),
  ];
}

export const POLICY_CHECKS = {
  "policy-needs-factors": (transition) => {
    const { play, step, before, after } = transition;
    const needs = (old: Account, account: Account) => play.needsFactor(old) && play.needsFactor(account);
    const sessions = [...after.sessions.values()].flatMap(({ id, userId, amr }) => {
      const account = after.accounts.get(userId);
      if (!account || before.sessions.has(id) || !after.opened.has(id) || amr.includes("mfa")) return [];
      // A trusted device takes the place of a factor that the account has.
      const isFree = hasSecondFactor(account) || !needs(before.accounts.get(userId) ?? account, account);
      return isFree ? [] : [`a single factor opened a session of ${nameOf(account)}, which needs a second one`];
    });
    const removed = kept(transition).filter(({ old, account }) => {
      const isLost = hasSecondFactor(old) && !hasSecondFactor(account) && needs(old, account);
      return isLost && singlesOf(step).some(({ act }) => act === "removeApp" || act === "removePasskey");
    });
    return [...sessions, ...removed.map(({ account }) => `${nameOf(account)} removed the factor that it needs`)];
  },

  "removal-is-announced": (transition) =>
    kept(transition).flatMap(({ old, account }) => brokenRemovals(transition, old, account)),

  "taken-clean-ends-removals": (transition) =>
    kept(transition)
      .filter(({ old, account }) => isTakenClean(transition.step, old, account) && account.removalDueAt !== null)
      .map(({ account }) => `a removal from before ${nameOf(account)} was taken clean waits`),

  "wrong-proofs-count": (transition) =>
    kept(transition).flatMap(({ old, account }) => miscounted(transition, old, account)),
} satisfies Record<string, Check>;
