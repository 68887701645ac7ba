/** Acts that prove a second factor, or try to: with what the person holds, or with a guess. */
import { appCode, wrongAppCode } from "../../support/authenticator.ts";
import { asserted } from "../../support/passkeys.ts";
import { UP } from "../../support/security-key.ts";
import { appUse } from "../holdings.ts";
import type { Held } from "../model.ts";
import type { Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { BySecondFactor } from "../steps.ts";
import { type Act, evicts, sessionsOf } from "./entry.ts";

type Answer = Outcome["answers"][number];

interface Proof {
  body: object;
  /** The requests that prepared it. */
  answers: Answer[];
  /** The name of what may be used once, and the account that it is for. Undefined for a guess. */
  use: { key: string; userId: string } | undefined;
  /** To be called if it was right. */
  isRight: () => void;
}

/** What belongs to this account, or else to another one of the person. */
const preferred = <Item extends { userId: string }>(items: Item[], userId: string, n = 0): Item | undefined => {
  const own = items.filter((item) => item.userId === userId);
  const list = own.length > 0 ? own : items;
  return list[n % list.length];
};

/** Prepares a proof. Returns undefined if the person holds nothing of this kind. */
async function proofOf(
  play: Play,
  person: Person,
  userId: string,
  choice: BySecondFactor,
  requestOptions: () => Promise<Answer>,
): Promise<Proof | undefined> {
  const prepare = { app: byApp, code: byRecoveryCode, passkey: byPasskey }[choice.by];
  return prepare(play, person, userId, choice, requestOptions);
}

type Prepare = (...given: Parameters<typeof proofOf>) => ReturnType<typeof proofOf>;
const NOTHING = { answers: [], isRight: () => {} };

const byApp: Prepare = async (play, person, userId, { later, guess, n }) => {
  if (guess) {
    const secret = play.before.accounts.get(userId)?.app;
    return { ...NOTHING, body: { code: secret ? wrongAppCode(secret, n) : "000000" }, use: undefined };
  }
  const held = play.model.holdings.apps.filter((app) => app.person === person);
  const app = held.find(({ secret }) => secret === play.before.accounts.get(userId)?.app) ?? preferred(held, userId);
  if (!app) return undefined;
  const use = { key: appUse(app.secret, Number(later ?? false)), userId: app.userId };
  return { ...NOTHING, body: { code: appCode(app.secret, Number(later ?? false)) }, use };
};

const byRecoveryCode: Prepare = async (play, person, userId, { guess, n, replay = false }) => {
  if (guess) return { ...NOTHING, body: { code: "00000-00000" }, use: undefined };
  const held = play.model.holdings.codes.filter(({ people, isUsed }) => people.includes(person) && isUsed === replay);
  const code = preferred(held, userId, n);
  if (!code) return undefined;
  const isRight = () => {
    code.isUsed = true;
  };
  const use = { key: `the recovery code ${code.code}`, userId: code.userId };
  return { ...NOTHING, isRight, body: { code: code.code }, use };
};

const byPasskey: Prepare = async (play, person, userId, { guess, n, replay }, requestOptions) => {
  const { passkeys, responses } = play.model.holdings;
  const last = responses.get(person);
  if (replay && last) return { ...NOTHING, body: { credential: last.credential }, use: last };
  const held = passkeys.filter((passkey) => passkey.person === person);
  const key = preferred(held, userId, n);
  if (!key) return undefined;
  const options = await requestOptions();
  if (options.status !== 200) return { ...NOTHING, answers: [options], body: {}, use: undefined };
  const credential = await asserted(key.passkey, options.json, key.userHandle, guess ? { flags: UP } : {});
  const use = { key: `the response to ${options.json.challenge}`, userId: key.userId };
  responses.set(person, { credential, ...use });
  return { ...NOTHING, answers: [options], body: { credential }, use };
};

/** Sends a proof, once or twice at once. Remembers new tokens. */
async function send(
  { answers, use, isRight, body }: Proof,
  request: (body: object, n: number) => Promise<Answer>,
  { twice, keep }: { twice: boolean | undefined; keep: (answer: Answer) => void },
): Promise<Outcome> {
  if (Object.keys(body).length === 0) return { answers };
  const sent = await Promise.all(twice ? [request(body, 0), request(body, 1)] : [request(body, 0)]);
  for (const answer of sent) if (answer.json?.refresh_token) keep(answer);
  if (sent.some(({ status }) => status === 200)) isRight();
  return { answers: [...answers, ...sent], proof: use && { key: use.key, userId: use.userId } };
}

/** A passkey cannot be guessed. */
const guessAt = ({ body }: { body: object }, userId: string) => ("code" in body ? { guessesAt: userId } : {});

const secondStep: Act<"secondStep"> = async (play, { who, twice, trust = false, ...choice }) => {
  const person = who as Person;
  const { holdings } = play.model;
  const pending = holdings.pending.get(person);
  if (!pending) return undefined;
  const { step } = play;
  const { userId, isCopy, loginToken: login_token } = pending;
  const post = (path: string, body: object) => play.call(who, "POST", path, { login_token, ...body });
  const proof = await proofOf(play, person, userId, choice, () => post("/auth/login/second-factor/options", {}));
  if (!proof) return undefined;
  const account = play.before.accounts.get(userId);
  const trustDevice = (token: string | undefined) => {
    if (trust && account && token) play.model.trust.add(token, account, Date.now() + play.trustMilliseconds);
  };
  // The answer may be lost.
  if (play.isFailing()) trustDevice(play.deviceOf(who));
  const keep = ({ json }: Answer) => {
    trustDevice(json.device_token);
    play.model.keep(person, json, { step, isCopy, factors: 2 });
    if (holdings.pending.get(person) === pending) holdings.pending.delete(person);
  };
  const fields = trust ? { trust_device: true } : {};
  const request = (body: object) => post("/auth/login/second-factor", { ...body, ...fields });
  const outcome = await send(proof, request, { twice, keep });
  return { ...outcome, ...evicts(play, userId), ...guessAt(proof, userId) };
};

/** A passkey alone: nobody needs to name the account. */
const loginByPasskey: Act<"loginByPasskey"> = async (play, { who, twice, ...choice }) => {
  const person = who as Person;
  const { step } = play;
  const proof = await proofOf(play, person, "", { ...choice, by: "passkey" }, () =>
    play.call(who, "POST", "/auth/passkeys/options", {}),
  );
  if (!proof) return undefined;
  const keep = ({ json }: Answer) => play.model.keep(person, json, { step, isCopy: false, factors: 2 });
  const outcome = await send(proof, (body) => play.call(who, "POST", "/auth/passkeys/login", body), {
    twice,
    keep,
  });
  return { ...outcome, ...evicts(play, proof.use?.userId) };
};

/**
 * Re-authentication by a second factor, which joins what the session has proven. The second of two
 * requests at once comes from another session of the person, if there is one.
 */
export async function reauthenticateBy(
  play: Play,
  who: Person,
  { session, age, twice, ...choice }: BySecondFactor & { session?: number; age?: number },
): Promise<Outcome | undefined> {
  const held = play.pick(who, { ...(session && { session }), ...(age && { age }) });
  if (!held) return undefined;
  const { step } = play;
  const other = play.model.held[who].find(({ sessionId, userId, isCopy }) => {
    return (
      userId === held.userId &&
      sessionId !== held.sessionId &&
      isCopy === held.isCopy &&
      play.before.sessions.has(sessionId)
    );
  });
  const used = [held, other ?? held];
  const post = (path: string, body?: object, n = 0) => play.call(who, "POST", path, body, used[n]?.access);
  const proof = await proofOf(play, who, held.userId, choice, () => post("/users/me/reauthenticate/options"));
  if (!proof) return undefined;
  const keep = ({ json }: Answer) => play.model.keep(who, json, { step, isCopy: held.isCopy, factors: 2, from: held });
  const outcome = await send(proof, (body, n) => post("/users/me/reauthenticate", body, n), { twice, keep });
  const isLive = ({ sessionId, accessExpiresAt }: Held) =>
    play.before.sessions.has(sessionId) && accessExpiresAt > play.before.at;
  // Of two tokens one may be dead.
  const token = { held: (twice && used.find(isLive)) || held, by: "access" } as const;
  return { ...outcome, token, mayEnd: sessionsOf({ id: held.userId }), ...guessAt(proof, held.userId) };
}

export const SECOND_FACTOR_ACTS = { secondStep, loginByPasskey };
