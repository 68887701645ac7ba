/** Acts that add the second factor which MFA_POLICY requires, at a sign-in. */
import { appCode } from "../../support/authenticator.ts";
import { created } from "../../support/passkeys.ts";
import { base64url, createPasskey } from "../../support/security-key.ts";
import { appUse, type Enrolling, type HeldApp } from "../holdings.ts";
import type { Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import { type Account, hasSecondFactor } from "../snapshot.ts";
import { type Act, evicts, sessionsOf } from "./entry.ts";

type Answer = Outcome["answers"][number];

interface Attempt {
  person: Person;
  pending: Enrolling;
  account: Account | undefined;
  /** Whether the login token may add a factor now. */
  isCurrent: boolean;
  post: (path: string, body?: object) => Promise<Answer>;
}

function attempt(play: Play, { who, token = 0 }: { who: string; token?: number }): Attempt | undefined {
  const person = who as Person;
  const tokens = play.model.holdings.enrolling.get(person) ?? [];
  const pending = tokens[Math.min(token, tokens.length - 1)];
  if (!pending) return undefined;
  const account = play.before.accounts.get(pending.userId);
  const isCurrent =
    account !== undefined &&
    !hasSecondFactor(account) &&
    account.credentialVersion === pending.credentialVersion &&
    Date.now() < pending.expiresAt;
  const post = (path: string, body = {}) =>
    play.call(person, "POST", `/auth/login/enroll/${path}`, { login_token: pending.loginToken, ...body });
  return { person, pending, account, isCurrent, post };
}

/** With a copied password a thief may enroll, by design; the model leaves that out. */
const isLeftOut = ({ pending, isCurrent }: Attempt) => pending.isCopy && isCurrent;

/** Remembers what came with the answers to the last request. */
function outcomeOf(play: Play, { person, pending }: Attempt, { step, answers, isAllowed }: Sent): Outcome {
  const { userId, isCopy } = pending;
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy, factors: 2 });
    if (json?.recovery_codes) play.model.holdings.keepCodes(person, userId, json.recovery_codes);
  }
  return {
    answers,
    ...evicts(play, userId),
    ...(isAllowed && { mayEnd: sessionsOf({ id: userId }), mayChangeFactorsOf: userId }),
    adds: userId,
  };
}

interface Sent {
  step: number;
  answers: Answer[];
  isAllowed: boolean;
}

/** An app from before a change of credentials must not be confirmed after it. */
async function confirm(play: Play, tried: Attempt, app: HeldApp): Promise<Outcome> {
  const { step } = play;
  const { account, isCurrent, pending } = tried;
  const isOwn = app.userId === account?.id && app.credentialVersion === account.credentialVersion;
  const use = { key: appUse(app.secret), userId: pending.userId };
  const answers = [await tried.post("totp/confirm", { code: appCode(app.secret) })];
  const outcome = outcomeOf(play, tried, { step, answers, isAllowed: isCurrent && isOwn });
  return { ...outcome, proof: use };
}

const enrollApp: Act<"enrollApp"> = async (play, { who, token = 0, half }) => {
  const tried = attempt(play, { who, token });
  if (!tried) return undefined;
  const { person, pending } = tried;
  const started = await tried.post("totp");
  const secret: string | undefined = started.json?.secret;
  if (secret === undefined) return { answers: [started] };
  const { userId, credentialVersion } = pending;
  const app = { person, userId, secret, credentialVersion, factors: 1 };
  play.model.holdings.apps.unshift(app);
  if (half || isLeftOut(tried)) return { answers: [started] };
  const outcome = await confirm(play, tried, app);
  return { ...outcome, answers: [started, ...outcome.answers] };
};

const confirmEnrollment: Act<"confirmEnrollment"> = async (play, { who, token = 0, n = 0 }) => {
  const tried = attempt(play, { who, token });
  if (!tried || isLeftOut(tried)) return undefined;
  const waiting = play.model.holdings.apps.filter(({ person, secret }) => {
    return person === tried.person && secret !== tried.account?.app;
  });
  const app = waiting[n % waiting.length];
  return app && confirm(play, tried, app);
};

const enrollPasskey: Act<"enrollPasskey"> = async (play, { who, token = 0, half, late }) => {
  const tried = attempt(play, { who, token });
  if (!tried || isLeftOut(tried)) return undefined;
  const { person, pending, account, post } = tried;
  const { step } = play;
  const { holdings } = play.model;
  const { userId, credentialVersion } = pending;
  if (late) {
    const unsent = holdings.unsent.get(person);
    if (!unsent) return undefined;
    const isOwn = unsent.userId === account?.id && unsent.credentialVersion === account.credentialVersion;
    const answers = [await post("passkey", { credential: unsent.credential })];
    return outcomeOf(play, tried, { step, answers, isAllowed: tried.isCurrent && isOwn });
  }
  const options = await post("passkey/options");
  if (options.status !== 200) return { answers: [options] };
  const passkey = await createPasskey();
  const credential = created(passkey, options.json);
  // The authenticator keeps it, whatever the service answers.
  const id = base64url(passkey.id);
  holdings.passkeys.unshift({ person, userId, id, passkey, userHandle: options.json.user.id });
  if (half) {
    holdings.unsent.set(person, { credential, userId, credentialVersion });
    return { answers: [options] };
  }
  const answers = [await post("passkey", { credential })];
  return outcomeOf(play, tried, { step, answers, isAllowed: tried.isCurrent });
};

export const ENROLLMENT_ACTS = { enrollApp, confirmEnrollment, enrollPasskey };
