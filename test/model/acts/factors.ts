/** Acts that change the factors of the own account. */
import { appCode } from "../../support/authenticator.ts";
import { created } from "../../support/passkeys.ts";
import { base64url, createPasskey } from "../../support/security-key.ts";
import { appUse } from "../holdings.ts";
import type { Held } from "../model.ts";
import type { Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import { type Account, hasSecondFactor } from "../snapshot.ts";
import { type Act, sessionsOf } from "./entry.ts";

type Answer = Outcome["answers"][number];

interface Attempt {
  person: Person;
  held: Held;
  account: Account | undefined;
  /** The password, if it is in the request. */
  proof: { password?: string };
  /** Whether the session, with this proof, may change the factors. */
  isAllowed: boolean;
  post: (path: string, body: object) => Promise<Answer>;
}

interface Choice {
  who: string;
  prove?: boolean;
  session?: number;
  age?: number;
}

/**
 * Prepares a change of factors. With a copied session that may do it a thief does it, by design;
 * the model leaves that out.
 */
export function attempt(play: Play, { who, prove = false, session, age }: Choice): Attempt | undefined {
  const person = who as Person;
  const { model } = play;
  const held = play.pick(person, { ...(session && { session }), ...(age && { age }) });
  const password = prove ? model.passwordsOf(person)[0] : undefined;
  if (!held || (prove && password === undefined)) return undefined;
  const account = play.before.accounts.get(held.userId);
  const isRight = prove && account !== undefined && model.knowsPassword(person, account);
  const isAllowed = model.holdings.mayChange(account, held.sessionId, isRight);
  if (held.isCopy && isAllowed) return undefined;
  const post = (path: string, body: object) => play.call(person, "POST", path, body, held.access);
  return { person, held, account, proof: password === undefined ? {} : { password }, isAllowed, post };
}

/** Remembers what came with an answer. */
export function outcomeOf(
  play: Play,
  { person, held, isAllowed }: Attempt,
  step: number,
  answers: Answer[],
  factors?: number,
) {
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy: held.isCopy, factors, from: held });
    if (json?.recovery_codes) play.model.holdings.keepCodes(person, held.userId, json.recovery_codes);
  }
  return {
    answers,
    token: { held, by: "access" },
    mayEnd: sessionsOf({ id: held.userId }),
    ...(isAllowed && { mayChangeFactorsOf: held.userId }),
  } satisfies Outcome;
}

const addApp: Act<"addApp"> = async (play, { half = false, ...choice }) => {
  const tried = attempt(play, choice);
  if (!tried) return undefined;
  const { person, held, account, post, proof } = tried;
  const { step } = play;
  const started = await post("/users/me/totp", proof);
  const secret: string | undefined = started.json?.secret;
  if (secret === undefined) return outcomeOf(play, tried, step, [started]);
  play.model.holdings.apps.unshift({
    person,
    userId: held.userId,
    secret,
    credentialVersion: account?.credentialVersion ?? 0,
    factors: play.model.holdings.proven.get(held.sessionId)?.factors ?? 1,
  });
  if (half) return outcomeOf(play, tried, step, [started]);
  const confirmed = await post("/users/me/totp/confirm", { code: appCode(secret) });
  const use = { key: appUse(secret), userId: held.userId };
  return { ...outcomeOf(play, tried, step, [started, confirmed], 2), proof: use };
};

/** An app that was started before the credentials changed must not be confirmed after it. */
const confirmApp: Act<"confirmApp"> = async (play, { n = 0, ...choice }) => {
  const tried = attempt(play, choice);
  if (!tried) return undefined;
  const { person, held, account, post } = tried;
  const waiting = play.model.holdings.apps.filter((app) => app.person === person && app.secret !== account?.app);
  const app = waiting[n % waiting.length];
  if (!account || !app) return undefined;
  const { step } = play;
  const isCurrent = app.userId === account.id && app.credentialVersion === account.credentialVersion;
  const isAllowed = isCurrent && (app.factors === 2 || !hasSecondFactor(account));
  const confirmed = await post("/users/me/totp/confirm", { code: appCode(app.secret) });
  const use = { key: appUse(app.secret), userId: held.userId };
  return { ...outcomeOf(play, { ...tried, isAllowed }, step, [confirmed], 2), proof: use };
};

const removeApp: Act<"removeApp"> = async (play, choice) => {
  const tried = attempt(play, choice);
  const { step } = play;
  return tried && outcomeOf(play, tried, step, [await tried.post("/users/me/totp/delete", tried.proof)]);
};

const renewCodes: Act<"renewCodes"> = async (play, choice) => {
  const tried = attempt(play, choice);
  const { step } = play;
  return tried && outcomeOf(play, tried, step, [await tried.post("/users/me/recovery-codes", tried.proof)]);
};

const addPasskey: Act<"addPasskey"> = async (play, choice) => {
  const tried = attempt(play, choice);
  if (!tried) return undefined;
  const { person, held, post, proof } = tried;
  const { step } = play;
  const options = await post("/users/me/passkeys/options", proof);
  if (options.status !== 200) return outcomeOf(play, tried, step, [options]);
  const passkey = await createPasskey();
  const id = base64url(passkey.id);
  // The authenticator keeps it, whatever the service answers.
  play.model.holdings.passkeys.unshift({ person, userId: held.userId, id, passkey, userHandle: options.json.user.id });
  const added = await post("/users/me/passkeys", { credential: created(passkey, options.json) });
  return { ...outcomeOf(play, tried, step, [options, added], 2), adds: held.userId };
};

const removePasskey: Act<"removePasskey"> = async (play, { n = 0, ...choice }) => {
  const tried = attempt(play, choice);
  const ids = tried?.account?.passkeys ?? [];
  if (!tried || ids.length === 0) return undefined;
  const { step } = play;
  const path = `/users/me/passkeys/${ids[n % ids.length]}/delete`;
  return outcomeOf(play, tried, step, [await tried.post(path, tried.proof)]);
};

/** Needs two factors, but not lately: the factors stay. */
const keepFactors: Act<"keepFactors"> = async (play, { who, ...which }) => {
  const held = play.pick(who as Person, which);
  if (!held) return undefined;
  const answer = await play.call(who, "DELETE", "/users/me/factor-removal", undefined, held.access);
  const isKept = answer.status === 204;
  const isEntitled = play.model.holdings.proven.get(held.sessionId)?.factors === 2;
  return {
    answers: [answer],
    token: { held, by: "access" },
    ...(isKept && { removal: { userId: held.userId, isAsked: false } }),
    ...(isKept && !isEntitled && { broken: "one factor canceled a removal" }),
  };
};

const distrust: Act<"distrust"> = async (play, { who, n = 0, ...which }) => {
  const held = play.pick(who as Person, which);
  if (!held) return undefined;
  const token = { held, by: "access" } as const;
  const path = "/users/me/trusted-devices";
  const list = await play.call(who, "GET", path, undefined, held.access);
  const ids: string[] = list.json?.trusted_devices?.map(({ id }: { id: string }) => id) ?? [];
  if (ids.length === 0) return { answers: [list], token };
  const id = ids[n % ids.length] as string;
  const ended = await play.call(who, "DELETE", `${path}/${id}`, undefined, held.access);
  if (ended.status === 204) play.model.trust.end(id);
  return { answers: [list, ended], token };
};

export const FACTOR_ACTS = {
  addApp,
  confirmApp,
  removeApp,
  renewCodes,
  addPasskey,
  removePasskey,
  keepFactors,
  distrust,
};
