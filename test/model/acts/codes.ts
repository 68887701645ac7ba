/** Acts by a mailed or texted code and by a mailed link: sign-in, sign-up, re-authentication. */
import { decodeValues } from "../../../src/crypto/signed-values.ts";
import { flawOf, type Mailed, ofSignUp } from "../codes.ts";
import { isCode, isLoginLink, type Letter } from "../letters.ts";
import type { Held } from "../model.ts";
import type { Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { StepOf } from "../steps.ts";
import { type Act, accountOf, evicts, keepPending, sessionsOf } from "./entry.ts";
import { withAccess } from "./session.ts";

type Answer = Outcome["answers"][number];

/** Where no account has the address, only a service without passwords sends a code. */
const requestLoginCode: Act<"requestLoginCode"> = async (play, { who, identifier }) =>
  play.codesOnly || accountOf(play, identifier)
    ? { answers: [await play.call(who, "POST", "/auth/login/request-code", { identifier })] }
    : undefined;

/** Describes a code or link before it is sent. Without a letter it is a guess. */
function mailedBy(
  { before, model }: Play,
  letter: Letter | undefined,
  { purpose, target, isTyped }: Pick<Mailed, "purpose" | "target" | "isTyped">,
): Mailed {
  const sent = { purpose, target, isTyped };
  if (!letter) {
    const flaw = "that is a guess";
    return { ...sent, secretId: undefined, userId: undefined, flaw, isExhausted: false, proof: undefined };
  }
  const secret = before.secrets.get(letter.id);
  const signUp = before.signUps.get(letter.id);
  const open = secret ?? (signUp && ofSignUp(signUp));
  return {
    ...sent,
    secretId: letter.id,
    userId: secret?.userId,
    flaw: flawOf(before, letter, purpose, target),
    isExhausted: isTyped && open !== undefined && model.codes.isExhausted(open),
    proof: { key: `the ${letter.kind} ${letter.code} to ${letter.to}`, userId: secret?.userId ?? "" },
  };
}

/** Remembers what came with the answers to a sign-in. A first proof may end all other sessions. */
function signedIn(play: Play, person: Person, step: number, answers: Answer[], mailed: Mailed): Outcome {
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy: false, factors: 1 });
    if (!json?.login_token) continue;
    const [, userId] = decodeValues(json.login_token) as [string, string];
    keepPending(play, person, json, { userId, isCopy: false });
  }
  const account = play.before.accounts.get(mailed.userId ?? "");
  const isFirst = account?.proven.length === 0 && mailed.flaw === undefined;
  return {
    answers,
    mailed,
    ...(isFirst ? { mayEnd: sessionsOf(account), cleans: account.id } : evicts(play, account?.id)),
  };
}

/** Sends the same request as often as wanted. */
async function repeat(times: number, send: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; n < times; n++) answers.push(await send());
  return answers;
}

/** The letter that a step types from, and the digits. Undefined if there is none. */
function typedBy(
  play: Play,
  person: Person,
  purpose: Mailed["purpose"],
  { letter: n, of = purpose, guesses }: Pick<StepOf<"typeLoginCode">, "letter" | "of" | "guesses">,
): { letter: Letter | undefined; otp: string; times: number } | undefined {
  if (guesses !== undefined) return { letter: undefined, otp: "000000", times: guesses };
  const letter = play.letter(person, isCode(of), n);
  return letter && { letter, otp: letter.code, times: 1 };
}

const typeLoginCode: Act<"typeLoginCode"> = async (play, { who, identifier: named, elsewhere, ...choice }) => {
  const purpose = "login-code";
  const typed = typedBy(play, who as Person, purpose, choice);
  const identifier = named ?? typed?.letter?.to;
  if (!typed || identifier === undefined) return undefined;
  const { letter, otp, times } = typed;
  const { step } = play;
  const target = { identifier };
  const mailed = mailedBy(play, letter, { purpose, target, isTyped: true });
  const answers = await repeat(times, () =>
    play.call(who, "POST", "/auth/login/code", { identifier, otp }, undefined, elsewhere),
  );
  return signedIn(play, who as Person, step, answers, mailed);
};

/** The browser decides, not the reader: a mail of another person may lure somebody to a link. */
const openLoginLink: Act<"openLoginLink"> = async (play, { who, letter: n, elsewhere = false, from }) => {
  const letter = play.letter(from ?? (who as Person), isLoginLink, n);
  if (!letter) return undefined;
  const { step } = play;
  const isOwn = !elsewhere && play.browsers.hasAsked(who, letter.browserDigest);
  const link = { purpose: "login-code", target: { identifier: undefined }, isTyped: false } as const;
  const mailed = { ...mailedBy(play, letter, link), ...(!isOwn && { flaw: "in another browser" }) };
  const answer = await play.call(who, "POST", "/auth/login/link", { token: letter.token }, undefined, elsewhere);
  const isOther = answer.json?.code === "other_browser" && answer.json.otp !== letter.code;
  return {
    ...signedIn(play, who as Person, step, [answer], mailed),
    ...(isOther && { broken: "a link shows another code than the mail" }),
  };
};

const reauthenticateByCode: Act<"reauthenticateByCode"> = async (play, { who, session, age, ...choice }) => {
  const purpose = "reauthentication-code";
  const person = who as Person;
  const held: Held | undefined = play.pick(person, { ...(session && { session }), ...(age && { age }) });
  const typed = typedBy(play, person, purpose, choice);
  if (!held || !typed) return undefined;
  const { letter, otp, times } = typed;
  const { step } = play;
  const target = { userId: held.userId };
  const mailed = mailedBy(play, letter, { purpose, target, isTyped: true });
  const answers = await repeat(times, () => play.call(who, "POST", "/users/me/reauthenticate", { otp }, held.access));
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy: held.isCopy, factors: 1, from: held });
  }
  return { answers, mailed, token: { held, by: "access" }, mayEnd: sessionsOf({ id: held.userId }) };
};

export const CODE_ACTS = {
  requestLoginCode,
  typeLoginCode,
  openLoginLink,
  requestReauthenticationCode: ((play, step) =>
    withAccess(
      play,
      step,
      "POST",
      "/users/me/reauthenticate/request-code",
    )) satisfies Act<"requestReauthenticationCode">,
  reauthenticateByCode,
};
