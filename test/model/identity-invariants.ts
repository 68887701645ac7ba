/** The conditions on identities at providers that must hold after every step. */
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import { type Account, hasSecondFactor, isTakenClean, type Spent } from "./snapshot.ts";
import { singlesOf } from "./steps.ts";
import { addressIn } from "./upstreams.ts";
import type { Attempt } from "./ways-to-providers.ts";

const attemptsOf = ({ outcomes }: Transition): Attempt[] =>
  outcomes.flatMap(({ attempt }) => (attempt === undefined ? [] : [attempt]));

/** The attempts that may sign in to the account of this user, which may be new. */
const entitled = (transition: Transition, userId: string): Attempt[] => {
  const { before, after } = transition;
  return attemptsOf(transition).filter(({ key, isLink, flaw }) => {
    return !isLink && !flaw && [before, after].some(({ identities }) => identities.get(key)?.userId === userId);
  });
};

/** The states of sign-ins that were used up. */
export const usedStates = ({ play, after }: Pick<Transition, "play" | "after">): Spent[] =>
  [...after.spent.values()].filter(({ id }) => play.ways.nonces.has(id));

const created = ({ before, after }: Transition): Account[] =>
  [...after.accounts.values()].filter(({ id }) => !before.accounts.has(id));

/** Sessions and next steps that a callback led to. The answer may be lost. */
const signsInOthers = (transition: Transition): string[] => {
  const { before, after, outcomes } = transition;
  const sessions = [...after.sessions.values()].filter(({ id, userId, amr }) => {
    return (
      !before.sessions.has(id) && after.opened.has(id) && amr.join() === "fed" && !entitled(transition, userId).length
    );
  });
  const flawed = outcomes.flatMap(({ attempt, answers }) => {
    const isPassed = answers.some(({ json }) => json?.refresh_token || json?.login_token);
    return attempt?.flaw && isPassed ? [`a callback ${attempt.flaw} was accepted`] : [];
  });
  return [...sessions.map(({ userId }) => `an identity that is not theirs opened a session of ${userId}`), ...flawed];
};

/** A state is used up by its session, or by the first of two steps. */
const usedInVain = (transition: Transition): string[] => {
  const { play, before, after } = transition;
  const needsStep = (account: Account | undefined) =>
    account !== undefined && (hasSecondFactor(account) || play.needsFactor(account));
  return usedStates(transition)
    .filter(({ id, isOpened }) => !before.spent.has(id) && !isOpened)
    .filter(({ id }) => {
      const keys = attemptsOf(transition).flatMap(({ nonce, key }) => (nonce === id ? [key] : []));
      const userIds = keys.flatMap((key) => [before, after].map(({ identities }) => identities.get(key)?.userId ?? ""));
      // A session is deleted with its account, which may happen at the same moment.
      const isDeleted = (userId: string) => before.accounts.has(userId) && !after.accounts.has(userId);
      const mayWait = (userId: string) => [before, after].some(({ accounts }) => needsStep(accounts.get(userId)));
      return !userIds.some((userId) => isDeleted(userId) || mayWait(userId));
    })
    .map(() => "a state was used up without a session or a next step");
};

const wronglyLinked = (transition: Transition): string[] => {
  const { before, after, outcomes } = transition;
  return [...after.identities.values()].flatMap(({ key, userId }) => {
    const old = before.identities.get(key);
    if (old && old.userId !== userId && before.accounts.has(userId)) return [`${key} was moved to another account`];
    if (old?.userId === userId) return [];
    const isAllowed = before.accounts.has(userId)
      ? outcomes.some(({ linking }) => linking?.isAllowed && linking.key === key && linking.userId === userId)
      : entitled(transition, userId).some((attempt) => attempt.key === key);
    return isAllowed ? [] : [`${key} was linked by who may not`];
  });
};

const isReset = ({ step }: Transition) =>
  singlesOf(step).some(({ act }) => act === "resetByLink" || act === "resetByCode");

/** The identities that accounts lost, but not by an act that may unlink them. */
const lost = ({ step, before, after, outcomes }: Transition) =>
  [...before.identities.values()].flatMap((identity) => {
    const { key, userId } = identity;
    const [old, account] = [before, after].map(({ accounts }) => accounts.get(userId));
    if (after.identities.has(key) || !old || !account || isTakenClean(step, old, account)) return [];
    return outcomes.some(({ unlinks }) => unlinks === key) ? [] : [{ identity, old }];
  });

const isOlderThanProof = (at: number, { firstProofAt }: Account) => at < (firstProofAt ?? Number.MAX_SAFE_INTEGER);

/** A reset removes what somebody linked before an address of the account was proven. */
const wronglyUnlinked = (transition: Transition): string[] =>
  lost(transition)
    .filter(({ identity, old }) => !(isReset(transition) && isOlderThanProof(identity.linkedAt, old)))
    .map(({ identity: { key }, old }) => `${key} was unlinked from ${nameOf(old)} by who may not`);

const lostByReset = (transition: Transition): string[] =>
  lost(transition)
    .filter(({ identity: { key }, old }) => {
      return isReset(transition) && !isOlderThanProof(transition.play.ways.linkedAt.get(key) ?? 0, old);
    })
    .map(({ identity: { key }, old }) => `a reset unlinked ${key}, which is younger than the proof of ${nameOf(old)}`);

/** What an account takes over as it is created. */
const wronglyTakenOver = (transition: Transition): string[] =>
  created(transition).flatMap((account) => {
    const attempts = entitled(transition, account.id);
    const isRight = attempts.some(({ person, claims }) => {
      const { address, isVerified } = addressIn(person, claims);
      const email = isVerified ? address : null;
      return account.email === email && account.proven.join() === (email ?? "");
    });
    const wrong = `${account.email} was taken over, proven: ${account.proven.join()}`;
    return attempts.length === 0 || isRight ? [] : [wrong];
  });

const overwritten = ({ step, before, after }: Transition): string[] => {
  if ("both" in step || singlesOf(step)[0]?.act !== "comeBack") return [];
  return [...before.accounts.values()].flatMap((old) => {
    const account = after.accounts.get(old.id);
    const isKept = (["email", "phone", "username", "profile"] as const).every((name) => account?.[name] === old[name]);
    return isKept && account?.proven.join() === old.proven.join() ? [] : [`a provider changed ${nameOf(old)}`];
  });
};

const halfDone = (transition: Transition): string[] => [
  ...[...transition.after.identities.values()]
    .filter(({ userId }) => !transition.after.accounts.has(userId))
    .map(({ key }) => `${key} belongs to no account`),
  ...created(transition)
    .filter(({ passwordHash, passkeys, proven, identities }) => {
      return passwordHash === null && [passkeys, proven, identities].every((ways) => ways.length === 0);
    })
    .map((account) => `${nameOf(account)} was created without a way in`),
];

export const IDENTITY_CHECKS = {
  "identity-signs-in-its-person": signsInOthers,
  "state-survives-failure": usedInVain,
  "identities-change-by-proof": (transition) => [...wronglyLinked(transition), ...wronglyUnlinked(transition)],
  "reset-keeps-identities": lostByReset,
  "upstream-address-is-verified": (transition) => [...wronglyTakenOver(transition), ...overwritten(transition)],
  "nothing-is-half-done": halfDone,
} satisfies Record<string, Check>;
