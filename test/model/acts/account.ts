/** Acts on the own account that need a fresh proof, or the password. */

import { FRESH_MILLISECONDS } from "../holdings.ts";
import { isCode } from "../letters.ts";
import type { Held } from "../model.ts";
import type { Actor, Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import { type Act, sessionsOf } from "./entry.ts";
import { reauthenticateBy } from "./second-factor.ts";

interface Proving {
  who: Actor;
  prove?: boolean;
  session?: number;
  age?: number;
}

/**
 * Sends a request that needs a proof, and remembers new tokens. The newest password of the person
 * is the proof, or the age of the session is. With a copied token that was just authenticated a
 * thief may do everything, by design; the model leaves that out.
 */
async function prove(
  play: Play,
  { who, prove: byGuess = false, ...which }: Proving,
  request: (held: Held, password: string | undefined) => [method: string, path: string, body: object],
  factors?: number,
): Promise<Outcome | undefined> {
  const person = who as Person;
  const held = play.pick(person, which);
  if (!held) return undefined;
  if (held.isCopy && Date.now() - held.authenticatedAt <= FRESH_MILLISECONDS) return undefined;
  const password = byGuess ? play.model.passwordsOf(person)[0] : undefined;
  if (byGuess && password === undefined) return undefined;
  const { step } = play;
  const [method, path, body] = request(held, password);
  const answer = await play.call(who, method, path, body, held.access);
  if (answer.json?.refresh_token)
    play.model.keep(person, answer.json, { step, isCopy: held.isCopy, factors, from: held });
  return { answers: [answer], token: { held, by: "access" }, mayEnd: sessionsOf({ id: held.userId }) };
}

const proofOf = (password: string | undefined) => (password === undefined ? {} : { password });

const changePassword: Act<"changePassword"> = (play, step) =>
  prove(play, step, (_, password) => {
    const current = password === undefined ? {} : { current_password: password };
    const body = { ...current, new_password: play.model.choosePassword(step.who as Person) };
    return ["POST", "/users/me/password", body];
  });

/** A change of factors: the session must have proven those that the account has. */
const removePassword: Act<"removePassword"> = (play, step) =>
  prove(play, step, (_, password) => ["DELETE", "/users/me/password", proofOf(password)]);

const reauthenticate: Act<"reauthenticate"> = (play, { by, ...step }) =>
  by
    ? reauthenticateBy(play, step.who as Person, { ...step, by })
    : prove(play, { ...step, prove: true }, (_, password) => ["POST", "/users/me/reauthenticate", { password }], 1);

const kindOf = (address: string) => (address.includes("@") ? "email" : "phone");

const requestChange: Act<"requestChange"> = (play, { address, ...step }) =>
  prove(play, step, (_, password) => {
    const kind = kindOf(address);
    return ["POST", `/users/me/${kind}`, { [kind]: address, ...proofOf(password) }];
  });

const confirmChange: Act<"confirmChange"> = async (play, step) => {
  const letter = play.letter(step.who as Person, isCode("email-change", "phone-change"), step.letter);
  if (!letter) return undefined;
  const { who, session = 0, age = 0 } = step;
  return prove(play, { who, session, age }, () => [
    "POST",
    `/users/me/${kindOf(letter.to)}/confirm`,
    { otp: letter.code },
  ]);
};

const removeAddress: Act<"removeAddress"> = (play, { kind, ...step }) =>
  prove(play, step, (_, password) => ["DELETE", `/users/me/${kind}`, proofOf(password)]);

const deleteAccount: Act<"deleteAccount"> = (play, step) =>
  prove(play, step, (_, password) => ["DELETE", "/users/me", proofOf(password)]);

export const ACCOUNT_ACTS = {
  changePassword,
  removePassword,
  reauthenticate,
  requestChange,
  confirmChange,
  removeAddress,
  deleteAccount,
};
