/** The conditions that must hold after every step. Each invariant returns its violations. */

import { CLIENT_CHECKS } from "./client-invariants.ts";
import { CODE_CHECKS } from "./code-invariants.ts";
import { FACTOR_CHECKS } from "./factor-invariants.ts";
import { IDENTITY_CHECKS } from "./identity-invariants.ts";
import { INVARIANTS, type Invariant } from "./invariant-names.ts";
import { KEY_CHECKS } from "./key-invariants.ts";
import { linkers, provers } from "./model.ts";
import { PEOPLE, type Person } from "./people.ts";
import type { Outcome, Play } from "./play.ts";
import { POLICY_CHECKS } from "./policy-invariants.ts";
import { type Account, hasSecondFactor, type Snapshot } from "./snapshot.ts";
import { type Step, singlesOf } from "./steps.ts";

/** A step with what was before and after it. */
export interface Transition {
  play: Play;
  step: Step;
  outcomes: Outcome[];
  before: Snapshot;
  after: Snapshot;
  /** Whose account each was before the step. */
  claims: Map<string, Person>;
}

export type Check = (transition: Transition) => string[];

const isFaulty = (step: Step) => "fault" in step;
export const nameOf = ({ email, phone }: Account) => `the account of ${[email, phone].filter(Boolean).join(" and ")}`;

/** The accounts whose credentials or addresses were changed. */
const changed = ({ before, after }: Transition) =>
  [...after.accounts.values()].flatMap((account) => {
    const old = before.accounts.get(account.id);
    if (!old) return [];
    const byCredential = old.credentialVersion !== account.credentialVersion;
    const isOther = (kind: "email" | "phone") => account[kind] !== null && account[kind] !== old[kind];
    return byCredential || isOther("email") || isOther("phone") ? [{ account, byCredential }] : [];
  });

/** The live sessions that people can use, with those people. Copies apart. */
const holders = ({ play, after }: Transition) =>
  PEOPLE.flatMap((person) => {
    const ids = new Set(play.model.held[person].filter(({ isCopy }) => !isCopy).map(({ sessionId }) => sessionId));
    return [...ids].flatMap((id) => {
      const session = after.sessions.get(id);
      const account = session && after.accounts.get(session.userId);
      return account ? [{ person, account }] : [];
    });
  });

const CHECKS: Partial<Record<Invariant, Check>> = {
  "one-person-per-account": (transition) => {
    const { play, claims } = transition;
    const setters = changed(transition).flatMap(({ account, byCredential }) => {
      const [owner, setter] = [claims.get(account.id), play.model.setterOf(account)];
      // Codes and passkeys sign in to an account without a password.
      return byCredential && owner && setter && setter !== owner
        ? [`${setter} set the password of ${nameOf(account)}, which is the ${owner}'s`]
        : [];
    });
    const intruders = holders(transition).flatMap(({ person, account }) => {
      const owner = play.model.claims.get(account.id);
      return owner && owner !== person
        ? [`${person} holds a session of ${nameOf(account)}, which is the ${owner}'s`]
        : [];
    });
    const enrolled = [...transition.after.accounts.values()].flatMap((account) => {
      const owner = play.model.claims.get(account.id);
      const all = [...play.model.holdings.holdersOf(account), ...linkers(account)];
      const others = all.filter((person) => owner && person !== owner);
      return others.map((person) => `${person} holds a factor of ${nameOf(account)}, which is the ${owner}'s`);
    });
    return [...setters, ...intruders, ...enrolled];
  },

  "session-needs-proof": (transition) =>
    holders(transition).flatMap(({ person, account }) => {
      const { model } = transition.play;
      const isEntitled = model.isEntitled(person, account);
      const isProven = !hasSecondFactor(account) || model.holdings.canProve(person, account);
      return isEntitled && isProven ? [] : [`${person} holds a session of ${nameOf(account)}`];
    }),

  "proof-needs-control": ({ step, before, after }) => {
    const people = singlesOf(step).map(({ who }) => who);
    return [...after.accounts.values()].flatMap((account) => {
      const old = before.accounts.get(account.id)?.proven ?? [];
      const added = { ...account, proven: account.proven.filter((address) => !old.includes(address)) };
      return provers(added).some((prover) => !people.some((who) => who === prover))
        ? [`${people} proved ${added.proven}`]
        : [];
    });
  },

  "change-voids-older": (transition) => {
    const { play, before, after } = transition;
    return changed(transition).flatMap(({ account, byCredential }) => {
      const tokens = PEOPLE.flatMap((person) =>
        play.model.held[person]
          .filter(({ userId, step, sessionId }) => {
            return userId === account.id && step < play.step && after.sessions.has(sessionId);
          })
          .map(({ isCopy }) => `${person} keeps ${isCopy ? "copied" : "older"} tokens of ${nameOf(account)}`),
      );
      const secrets = [...after.secrets.values()].filter(({ id, userId, purpose }) => {
        const isPendingChange = purpose.endsWith("-change") && !byCredential;
        return userId === account.id && before.secrets.has(id) && !isPendingChange;
      });
      return [...tokens, ...secrets.map(({ purpose }) => `an older ${purpose} of ${nameOf(account)} stays open`)];
    });
  },

  "ended-is-ended": ({ step, outcomes, before }) =>
    "both" in step
      ? []
      : outcomes.flatMap(({ answers, token }) => {
          if (!token || !answers.some(({ status }) => status < 300)) return [];
          const { held, by } = token;
          const expiresAt = by === "access" ? held.accessExpiresAt : held.refreshExpiresAt;
          const isLive = before.sessions.has(held.sessionId) && expiresAt > before.at;
          return isLive ? [] : [`a token of a session that has ended was accepted`];
        }),

  "shared-token-is-noticed": ({ play, after }) =>
    play.model
      .sharedSessions()
      .filter((id) => after.sessions.has(id) && !after.reported.has(id))
      .map(() => "two people use one refresh token, and nobody is told"),

  "reuse-is-noticed": ({ step, outcomes, before, after }) =>
    "both" in step || isFaulty(step)
      ? []
      : outcomes.flatMap(({ noticesReuse, mayEnd = () => false }) => {
          const isOpen = [...after.sessions.values()].some(
            (session) => before.sessions.has(session.id) && mayEnd(session),
          );
          return noticesReuse && isOpen
            ? ["a refresh token that was used before was accepted, and nobody is told"]
            : [];
        }),

  "only-holders-end-sessions": ({ outcomes, before, after }) =>
    [...before.sessions.values()]
      .filter(({ id, userId, expiresAt }) => {
        return !after.sessions.has(id) && expiresAt > after.at && after.accounts.has(userId);
      })
      .filter((session) => !outcomes.some(({ mayEnd }) => mayEnd?.(session)))
      .map(({ userId }) => {
        const account = after.accounts.get(userId);
        return `a session of ${account ? nameOf(account) : userId} was ended by who may not`;
      }),

  ...FACTOR_CHECKS,
  ...CODE_CHECKS,
  ...POLICY_CHECKS,
  ...IDENTITY_CHECKS,
  ...CLIENT_CHECKS,
  ...KEY_CHECKS,

  "no-failure": ({ step, outcomes }) =>
    outcomes.flatMap(({ answers, broken }) => [
      ...answers
        .filter(({ status }) => status >= 500 && !(status === 503 && isFaulty(step)))
        .map(({ status, json }) => `answered ${status} ${json?.code ?? ""}`),
      ...(broken === undefined ? [] : [broken]),
    ]),
};

export interface Violation {
  invariant: Invariant;
  detail: string;
}

/** Everything that does not hold after a step. */
export const violationsOf = (transition: Transition): Violation[] =>
  INVARIANTS.flatMap((invariant) => (CHECKS[invariant]?.(transition) ?? []).map((detail) => ({ invariant, detail })));
