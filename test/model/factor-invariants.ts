/** The conditions on second factors that must hold after every step. */

import { proofsOf } from "./holdings.ts";
import { usedStates } from "./identity-invariants.ts";
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import { PEOPLE, type Person } from "./people.ts";
import { type Account, hasSecondFactor, isTakenClean } from "./snapshot.ts";
import { type Step, singlesOf } from "./steps.ts";

const actorsOf = ({ step }: Transition): Person[] =>
  PEOPLE.filter((person) => singlesOf(step).some(({ who }) => who === person));

/** The sessions that the step opened or put in the place of others, with their accounts. */
const newSessions = ({ before, after }: Transition) =>
  [...after.sessions.values()].flatMap((session) => {
    const account = after.accounts.get(session.userId);
    return account && !before.sessions.has(session.id) ? [{ session, account }] : [];
  });

const opensByOneFactor = (transition: Transition): string[] => {
  const { play, step, before, after } = transition;
  const { model } = play;
  return newSessions(transition).flatMap(({ session, account }) => {
    if (!after.opened.has(session.id) || !hasSecondFactor(account)) return [];
    const old = before.accounts.get(account.id) ?? account;
    if (!session.amr.includes("mfa")) {
      const trusts = (person: Person) => model.trust.isTrusted(person, old, play.step) && model.canBegin(person, old);
      const isTrusted = actorsOf(transition).some(trusts);
      return isTrusted ? [] : [`a single factor opened a session of ${nameOf(account)}`];
    }
    if (!hasSecondFactor(old)) {
      const enrolls = (person: Person) => model.canBegin(person, old) && model.holdings.canProve(person, account);
      const isEnrolled = actorsOf(transition).some(enrolls);
      return isEnrolled ? [] : [`who holds no factor of ${nameOf(account)} enrolled it`];
    }
    const isAble = actorsOf(transition).some(
      (person) =>
        model.holdings.holdsPasskeyOf(person, old) ||
        (model.canBegin(person, old) && model.holdings.canProve(person, old)),
    );
    if (!isAble) return [`who does not hold two factors opened a session of ${nameOf(account)}`];
    // The next use of a factor replaces the mark of the one before.
    return "both" in step || after.uses.has(session.id)
      ? []
      : [`nothing was used up for a session of ${nameOf(account)}`];
  });
};

/** Sessions that were not opened have to replace one. */
const comeFromNowhere = (transition: Transition): string[] =>
  newSessions(transition)
    // Those of clients come from codes.
    .filter(({ session }) => session.clientId === null && !transition.after.opened.has(session.id))
    .filter(({ session }) => !transition.outcomes.some(({ token }) => token?.held.userId === session.userId))
    .map(({ account }) => `a session of ${nameOf(account)} came from nowhere`);

/** What the tokens say, and what people proved. */
const sayMoreThanWasProven = ({ play, after }: Transition): string[] =>
  [...after.sessions.values()].flatMap(({ id, amr }) => {
    const proven = play.model.holdings.proven.get(id);
    if (!proven || amr.includes("mfa") === (proven.factors === 2)) return [];
    return [`a session says ${amr} after ${proven.factors} factors`];
  });

const isOther = (one: string[], other: string[]) =>
  one.length !== other.length || one.some((item) => !other.includes(item));
const factorsDiffer = (one: Account, other: Account) =>
  one.app !== other.app || isOther(one.passkeys, other.passkeys) || isOther(one.codes, other.codes);

/** A reset removes what somebody added before an address of the account was proven. */
const isUnproven = (step: Step, old: Account, account: Account) =>
  old.hasUnprovenFactor &&
  singlesOf(step).some(({ act }) => act === "resetByLink" || act === "resetByCode") &&
  (account.app === null || account.app === old.app) &&
  account.passkeys.every((id) => old.passkeys.includes(id)) &&
  account.codes.every((code) => old.codes.includes(code));

export const FACTOR_CHECKS = {
  "second-factor-needed": (transition) => [
    ...opensByOneFactor(transition),
    ...comeFromNowhere(transition),
    ...sayMoreThanWasProven(transition),
  ],

  "proof-is-used-once": ({ play, outcomes, before, after }) => [
    ...outcomes.flatMap(proofsOf).flatMap(({ key }) => {
      const n = play.model.holdings.uses.get(key)?.size ?? 0;
      return n > 1 ? [`${key} opened or renewed ${n} sessions`] : [];
    }),
    ...[...after.uses]
      .filter(([sessionId, isOpened]) => !isOpened && !before.uses.has(sessionId))
      // A state is used up by the first of two steps too.
      .filter(([sessionId]) => !usedStates({ play, after }).some(({ usedBy }) => usedBy === sessionId))
      .map(() => "a proof was used up without a session"),
  ],

  "factor-changes-need-factors": ({ step, outcomes, before, after }) =>
    [...after.accounts.values()].flatMap((account) => {
      const old = before.accounts.get(account.id);
      if (!old) return [];
      const isEmpty = !hasSecondFactor(account) && account.codes.length === 0;
      if (isTakenClean(step, old, account))
        return isEmpty && account.identities.length === 0
          ? []
          : [`${nameOf(account)} was taken with factors or identities of before`];
      if (!hasSecondFactor(account) && account.codes.length > 0) {
        return [`${nameOf(account)} has recovery codes that replace nothing`];
      }
      const isAllowed = outcomes.some(({ mayChangeFactorsOf }) => mayChangeFactorsOf === account.id);
      const isRemoved = isEmpty && outcomes.some(({ removes }) => removes?.has(account.id));
      return isAllowed || isRemoved || isUnproven(step, old, account) || !factorsDiffer(old, account)
        ? []
        : [`the factors of ${nameOf(account)} were changed by who may not`];
    }),
} satisfies Record<string, Check>;
