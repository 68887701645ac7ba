/** The conditions on mailed codes and links that must hold after every step. */
import { DISABLED, isPassed } from "./codes.ts";
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import type { Play } from "./play.ts";
import { type Account, hasSecondFactor } from "./snapshot.ts";

/** The accounts that were there before the step, as they were and as they are. */
const kept = ({ before, after }: Transition) =>
  [...after.accounts.values()].flatMap((account) => {
    const old = before.accounts.get(account.id);
    return old ? [{ old, account }] : [];
  });

/** The codes and links that somebody sent, with what came of them. */
const sent = ({ outcomes }: Transition) =>
  outcomes.flatMap((outcome) => (outcome.mailed ? [{ mailed: outcome.mailed, isPassed: isPassed(outcome) }] : []));

/** Sessions that a code opened, also if its answer is lost. */
const openedByCode = ({ before, after }: Transition) =>
  [...after.sessions.values()].filter(({ id, amr }) => {
    return !before.sessions.has(id) && after.opened.has(id) && ["otp", "sms"].includes(amr.join());
  });

const withoutMailbox = (transition: Transition): string[] => {
  const { step } = transition;
  return [
    ...sent(transition)
      // An administrator may enable the account at the same moment.
      .filter(
        ({ mailed, isPassed }) => isPassed && mailed.flaw && !("both" in transition.step && mailed.flaw === DISABLED),
      )
      .map(({ mailed }) => `a ${mailed.purpose} ${mailed.flaw} was accepted`),
    ...openedByCode(transition)
      .filter(({ userId }) => {
        return !sent(transition).some(
          ({ mailed }) => (mailed.userId ?? userId) === userId && ("both" in step || !mailed.flaw),
        );
      })
      .map(({ userId }) => `a session of ${userId} says that a code opened it`),
  ];
};

/** A code is used up by its session, or by the first of two steps. */
const usedInVain = (transition: Transition): string[] => {
  const { play, before, after } = transition;
  const needsStep = (account: Account | undefined) =>
    account !== undefined && (hasSecondFactor(account) || play.needsFactor(account));
  const vain = [...after.usedCodes.values()].filter(({ id, userId, isOpened }) => {
    const isNew = !before.usedCodes.has(id);
    return isNew && !isOpened && !needsStep(before.accounts.get(userId)) && !needsStep(after.accounts.get(userId));
  });
  // A link that another browser shows, and a code during whose use a binding fails.
  const lost = sent(transition).filter(({ mailed: { secretId = "", purpose }, isPassed }) => {
    const wasOpen = before.secrets.get(secretId)?.purpose === "login-code" || before.signUps.has(secretId);
    const isLeft = after.secrets.has(secretId) || after.signUps.has(secretId) || after.usedCodes.has(secretId);
    return "both" in transition.step ? false : purpose === "login-code" && wasOpen && !isLeft && !isPassed;
  });
  return [
    ...vain.map(({ id }) => `the code ${id} was used up without a session or a next step`),
    ...lost.map(({ mailed }) => `a ${mailed.purpose} ${mailed.flaw ?? ""} was used up by nothing`),
  ];
};

/** Lists the leftovers of other people in an account that a code proved first. */
function leftBehind({ before, after }: Transition, account: Account): string[] {
  const sessions = [...after.sessions.values()].filter(({ id, userId }) => {
    return userId === account.id && before.sessions.has(id);
  });
  const left = {
    password: account.passwordHash !== null,
    factor: hasSecondFactor(account) || account.codes.length > 0,
    identity: account.identities.length > 0,
    "unproven address": [account.email, account.phone].some((each) => each && !account.proven.includes(each)),
    session: sessions.length > 0,
  };
  return Object.keys(left).filter((what) => left[what as keyof typeof left]);
}

const differs = (old: Account, account: Account): boolean =>
  (["passwordHash", "app", "email", "phone", "username"] as const).some((name) => old[name] !== account[name]) ||
  (["passkeys", "codes"] as const).some((name) => old[name].toString() !== account[name].toString());

function hasWayIn({ codesOnly, providersOnly }: Play, account: Account): boolean {
  const { passwordHash, passkeys, proven, identities } = account;
  if (identities.length > 0) return true;
  if (codesOnly) return proven.some((address) => address.includes("@"));
  return passkeys.length > 0 || (!providersOnly && (passwordHash !== null || proven.length > 0));
}

export const CODE_CHECKS = {
  "code-needs-mailbox": withoutMailbox,

  "code-attempts-are-bounded": (transition) =>
    sent(transition)
      .filter(({ mailed, isPassed }) => isPassed && mailed.isExhausted)
      .map(({ mailed }) => `a ${mailed.purpose} was accepted after too many attempts`),

  "code-survives-failure": usedInVain,

  "first-proof-takes-clean": (transition) =>
    "both" in transition.step
      ? []
      : sent(transition).flatMap(({ mailed, isPassed }) => {
          const { before, after } = transition;
          const [old, account] = [before.accounts, after.accounts].map((all) => all.get(mailed.userId ?? ""));
          if (mailed.purpose !== "login-code" || !old || !account) return [];
          if (old.proven.length > 0 || account.proven.length === 0) {
            const isUnproven = isPassed && account.proven.length === 0;
            return [
              ...(isUnproven ? [`a code to ${nameOf(account)} proved nothing`] : []),
              ...(differs(old, account) ? [`a code that was no first proof changed ${nameOf(account)}`] : []),
            ];
          }
          return leftBehind(transition, account).map(
            (what) => `${nameOf(account)} keeps a ${what} of before its proof`,
          );
        }),

  "sign-up-needs-mailbox": ({ play, after }) => {
    const accounts = [...after.accounts.values()];
    const addresses = accounts.flatMap(({ email, phone }) => [email, phone]).filter((address) => address !== null);
    return [
      ...(new Set(addresses).size < addresses.length ? [`two accounts have one address of ${addresses}`] : []),
      ...(play.codesOnly ? accounts : [])
        .filter(({ proven, identities }) => proven.length === 0 && identities.length === 0)
        .map((account) => `${nameOf(account)} was created without a proof`),
    ];
  },

  "last-way-in-stays": (transition) =>
    kept(transition)
      // A reset gives a password to an account whose lost factors were removed, or its password.
      .filter(
        ({ account: { id } }) => !transition.outcomes.some(({ removes, key }) => removes?.has(id) || key?.voids === id),
      )
      .filter(({ old, account }) => hasWayIn(transition.play, old) && !hasWayIn(transition.play, account))
      .map(({ account }) => `${nameOf(account)} has lost its last way in`),
} satisfies Record<string, Check>;
