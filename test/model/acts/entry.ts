/** Acts that need no session: registration, proof of an address, sign-in, recovery. */
import { decodeValues } from "../../../src/crypto/signed-values.ts";
import type { PendingLogin } from "../holdings.ts";
import { isCode, isReleaseLink, isResetLink, type Letter } from "../letters.ts";
import type { Actor, Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import { type Account, hasSecondFactor, type LiveSession } from "../snapshot.ts";
import type { ActName, StepOf } from "../steps.ts";

/** Performs an act. Returns undefined if the actor lacks something for it. */
export type Act<Name extends ActName> = (play: Play, step: StepOf<Name>) => Promise<Outcome | undefined>;

/** The account that has this identifier, before the step. */
export const accountOf = ({ before }: Play, identifier: string): Account | undefined =>
  [...before.accounts.values()].find(({ email, phone, username }) => [email, phone, username].includes(identifier));

/** Sessions of this account. */
export const sessionsOf =
  (account: { id: string } | undefined) =>
  ({ userId }: LiveSession): boolean =>
    userId === account?.id;

/** Sends a request and remembers the tokens of its answer. */
async function post(play: Play, who: Actor, path: string, body: object): Promise<Outcome> {
  return { answers: [await play.call(who, "POST", path, body)] };
}

const MAX_SESSIONS = 20;

/** A new session may end one of an account that has as many as it can. */
export const evicts = (play: Play, userId = ""): Pick<Outcome, "mayEnd"> => {
  const isFull = [...play.before.sessions.values()].filter(sessionsOf({ id: userId })).length >= MAX_SESSIONS;
  return isFull ? { mayEnd: sessionsOf({ id: userId }) } : {};
};

/** Tests whether the account trusts the device that this person uses. */
const isTrusting = (play: Play, who: Actor, account: Account) => play.model.trust.trusts(account, play.deviceOf(who));

function keepEnrolling({ model: { holdings } }: Play, person: Person, pending: PendingLogin) {
  const [, , credentialVersion, , , expiresAt] = decodeValues(pending.loginToken) as [0, 0, number, 0, 0, number];
  const older = holdings.enrolling.get(person) ?? [];
  holdings.enrolling.set(person, [{ ...pending, credentialVersion, expiresAt }, ...older]);
}

/** Remembers the login token of an answer, if there is one. */
export function keepPending(
  play: Play,
  person: Person,
  { code, login_token: loginToken }: { code?: string; login_token?: string },
  whose: Omit<PendingLogin, "loginToken">,
) {
  if (loginToken === undefined) return;
  const pending = { loginToken, ...whose };
  if (code === "enrollment_required") keepEnrolling(play, person, pending);
  else play.model.holdings.pending.set(person, pending);
}

const login: Act<"login"> = async (play, { who, identifier, password: n = 0, wrong = false }) => {
  const person = who as Person;
  const password = wrong ? "no-such-staple-battery" : play.model.passwordsOf(person)[n];
  if (password === undefined) return undefined;
  const account = accountOf(play, identifier);
  const isCopy = person === "thief";
  // A newest password that is not the account's says nothing that a wrong one does not. With a
  // copied password alone a thief may do everything, by design; the model leaves that out.
  if (!wrong && n === 0 && !(account && play.model.knowsPassword(person, account))) return undefined;
  if (
    isCopy &&
    !(account && (hasSecondFactor(account) ? !isTrusting(play, who, account) : play.needsFactor(account)))
  ) {
    return undefined;
  }
  const { step } = play;
  const outcome = await post(play, who, "/auth/login", { identifier, password });
  const [answer] = outcome.answers;
  if (answer?.status === 200) play.model.keep(person, answer.json, { step, isCopy, factors: 1 });
  if (account && answer) keepPending(play, person, answer.json, { userId: account.id, isCopy });
  return { ...outcome, ...evicts(play, account?.id) };
};

/** An honest person types a code for a registration only if it was their own. */
const isExpected = (play: Play, person: Person, letter: Letter) => {
  const account = accountOf(play, letter.to);
  return person === "stranger" || (account !== undefined && play.model.setterOf(account) === person);
};

const verify: Act<"verify"> = async (play, { who, letter: n, guess }) => {
  const letter = play.letter(who as Person, isCode("verification"), n);
  if (guess !== undefined) return post(play, who, "/auth/verify", { identifier: guess, otp: "000000" });
  if (!letter || !isExpected(play, who as Person, letter)) return undefined;
  return post(play, who, "/auth/verify", { identifier: letter.to, otp: letter.code });
};

const resetByCode: Act<"resetByCode"> = async (play, { who, letter: n, guess }) => {
  const letter = play.letter(who as Person, isCode("password-reset-code"), n);
  const typed = guess === undefined ? letter && { identifier: letter.to, otp: letter.code } : guessed(guess);
  if (!typed) return undefined;
  const body = { ...typed, new_password: play.model.choosePassword(who as Person) };
  const outcome = await post(play, who, "/auth/verify-reset", body);
  return guess === undefined ? { ...outcome, mayEnd: sessionsOf(accountOf(play, typed.identifier)) } : outcome;
};

/** Mailed codes for a reset may have eight digits. Of the wrong length, a guess proves nothing. */
const guessed = (identifier: string) => ({ identifier, otp: identifier.includes("@") ? "00000000" : "000000" });

const resetByLink: Act<"resetByLink"> = async (play, { who, letter: n }) => {
  const letter = play.letter(who as Person, isResetLink, n);
  if (!letter) return undefined;
  const body = { token: letter.token, new_password: play.model.choosePassword(who as Person) };
  const outcome = await post(play, who, "/auth/reset-password", body);
  return { ...outcome, mayEnd: sessionsOf(accountOf(play, letter.to)) };
};

const release: Act<"release"> = async (play, { who, letter: n }) => {
  const letter = play.letter(who as Person, isReleaseLink, n);
  return letter && post(play, who, "/auth/release-address", { token: letter.token });
};

/** Requests a message. Without such an account nothing is sent, which other tests show. */
const request = async (play: Play, { who, identifier }: { who: Actor; identifier: string }, path: string) =>
  accountOf(play, identifier) && post(play, who, path, { identifier });

export const ENTRY_ACTS = {
  register: (async (play, { who, email, phone, username }) => {
    // Nobody registers an account that they have.
    const mine = [email, phone, username].map((name) => (name ? accountOf(play, name) : undefined));
    if (mine.some((account) => account && play.model.setterOf(account) === who)) return undefined;
    const identifiers = { ...(email && { email }), ...(phone && { phone }), ...(username && { username }) };
    return post(play, who, "/auth/register", {
      ...identifiers,
      password: play.model.choosePassword(who as Person),
    });
  }) satisfies Act<"register">,
  verify,
  resend: ((play, step) => request(play, step, "/auth/verify/resend")) satisfies Act<"resend">,
  forgot: ((play, step) => request(play, step, "/auth/forgot-password")) satisfies Act<"forgot">,
  requestCode: ((play, step) => request(play, step, "/auth/request-reset")) satisfies Act<"requestCode">,
  resetByLink,
  resetByCode,
  release,
  login,
};
