/** Acts at identity providers: sign-in, link and unlink. */
import { decodeValues } from "../../../src/crypto/signed-values.ts";
import type { Held } from "../model.ts";
import type { Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { LiveSession } from "../snapshot.ts";
import { addressIn, keyOf, type Provider } from "../upstreams.ts";
import type { Attempt, LinkRequest, Start } from "../ways-to-providers.ts";
import { type Act, evicts, keepPending, sessionsOf } from "./entry.ts";
import { attempt, outcomeOf } from "./factors.ts";
import { visit } from "./visit.ts";

type Answer = Outcome["answers"][number];

/** Both links and states work for ten minutes. */
const TTL_MILLISECONDS = 600_000;

/** Sends a browser to a provider, and remembers what the provider gets. */
async function begin(
  play: Play,
  person: Person,
  { provider, path, link, held }: { provider: Provider; path: string; link?: LinkRequest; held?: Held },
): Promise<Answer> {
  const answer = await visit(play, person, path, { held });
  const query = URL.parse(answer.headers.get("location") ?? "")?.searchParams;
  const [state, nonce, challenge] = ["state", "nonce", "code_challenge"].map((name) => query?.get(name));
  const browser = play.browsers.cookiesOf(person)["social"];
  if (state && nonce && challenge && browser) {
    const expiresAt = link?.expiresAt ?? Date.now() + TTL_MILLISECONDS;
    play.ways.add(person, { provider, state, nonce, challenge, browser, expiresAt, link });
  }
  return answer;
}

const startAtProvider: Act<"startAtProvider"> = async (play, { who, provider }) => ({
  answers: [await begin(play, who as Person, { provider, path: `/auth/social/${provider}` })],
});

/** Returns why a callback must do nothing. */
function flawOf(
  play: Play,
  person: Person,
  start: Start,
  { at, held, injected }: { at: Provider; held: Held | undefined; injected: boolean },
): string | undefined {
  const { provider, browser, expiresAt, nonce, link } = start;
  if (provider !== at) return "of another provider";
  if (play.browsers.cookiesOf(person)["social"] !== browser) return "of another browser";
  if (expiresAt <= Date.now()) return "that has expired";
  if (link ? link.sessionId !== held?.sessionId : play.before.spent.has(nonce)) return "that is used";
  return injected ? "with the code of another start" : undefined;
}

/**
 * Opens a callback: the provider vouches for a person in answer to a start. The start may be that
 * of another person, and the code may be one for another start.
 */
const comeBack: Act<"comeBack"> = async (play, step) => {
  const { account = 0, claims, n = 0, from, by, injected = false, twice = false, signedIn = false } = step;
  const who = step.who as Person;
  const person = by ?? who;
  const starts = play.ways.startsOf(from ?? who);
  const start = starts[Math.min(n, starts.length - 1)];
  if (!start) return undefined;
  const { provider, link } = start;
  const answered = injected ? play.ways.startsOf(person).find((own) => own !== start) : start;
  // Nobody gets a code for another person at their own start.
  if (!answered || (!injected && person !== who && person !== from)) return undefined;

  const at = step.at ?? provider;
  const mine = play.model.held[who];
  const held = link
    ? (mine.find(({ sessionId }) => sessionId === link.sessionId) ?? mine[0])
    : signedIn
      ? mine[0]
      : undefined;
  const { nonce, challenge } = answered;
  const code = play.upstreams.vouch({ person, account, claims, nonce, challenge });
  const key = keyOf({ provider: at, person, account });
  const flaw = flawOf(play, who, start, { at, held, injected });
  const userId = play.before.identities.get(key)?.userId;
  const proof = link ? undefined : { key: `the state ${start.nonce}`, userId: userId ?? "" };
  const attempted: Attempt = { key, person, claims, nonce: start.nonce, isLink: link !== undefined, flaw, proof };
  const path = `/auth/social/${at}/callback?${new URLSearchParams({ code, state: start.state })}`;
  const number = play.step;
  const send = () => visit(play, who, path, { held });
  const answers = await Promise.all(twice ? [send(), send()] : [send()]);
  const outcome = { answers, attempt: attempted };
  if (link) return { ...outcome, ...linked(play, who, { link, held, attempted, answers, step: number }) };

  keepSignIn(play, who, answers, number);
  const { address, isVerified } = addressIn(person, claims);
  const holder = isVerified ? [...play.before.accounts.values()].find(({ email }) => email === address) : undefined;
  if (holder && answers.some(({ headers }) => headers.get("set-cookie")?.includes("pending_link="))) {
    play.ways.pending.set(who, { key, provider: at, userId: holder.id });
  }
  const mayEnd = (session: LiveSession) =>
    session.userId === userId && (session.id === held?.sessionId || (evicts(play, userId).mayEnd?.(session) ?? false));
  return { ...outcome, mayEnd };
};

/** Remembers what came with the answers to a sign-in: one factor. */
function keepSignIn(play: Play, person: Person, answers: Answer[], step: number) {
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy: false, factors: 1 });
    if (!json?.login_token) continue;
    const [, userId] = decodeValues(json.login_token) as [string, string];
    keepPending(play, person, json, { userId, isCopy: false });
  }
}

interface Linked {
  link: LinkRequest;
  held: Held | undefined;
  attempted: Attempt;
  answers: Answer[];
  step: number;
}

/** The effects of a callback that may link an identity. */
function linked(play: Play, person: Person, { link, held, attempted, answers, step }: Linked): Partial<Outcome> {
  const { userId, credentialVersion } = link;
  for (const { json } of answers) {
    if (json?.refresh_token) play.model.keep(person, json, { step, isCopy: held?.isCopy ?? false, from: held });
  }
  const isCurrent = play.before.accounts.get(userId)?.credentialVersion === credentialVersion;
  const isLive = play.before.sessions.has(link.sessionId);
  const isAllowed = link.isAllowed && attempted.flaw === undefined && isCurrent && isLive;
  return {
    ...(held && { token: { held, by: "refresh" } }),
    linking: { key: attempted.key, userId, isAllowed },
    ...(isAllowed && { mayEnd: sessionsOf({ id: userId }) }),
  };
}

/** Asks for a link and, unless `half`, begins it. */
const startLink: Act<"startLink"> = async (play, { provider, half = false, ...choice }) => {
  const tried = attempt(play, choice);
  if (!tried) return undefined;
  const { person, held, account, proof, isAllowed, post } = tried;
  const answer = await post("/users/me/identities", { provider, ...proof });
  const outcome: Outcome = { answers: [answer], token: { held, by: "access" } };
  const path = URL.parse(answer.json?.url ?? "");
  if (!path) return outcome;
  const { userId, sessionId } = held;
  const credentialVersion = account?.credentialVersion ?? -1;
  const link = { userId, sessionId, credentialVersion, isAllowed, expiresAt: Date.now() + TTL_MILLISECONDS };
  const ready = { path: path.pathname + path.search, provider, link };
  play.ways.links.set(person, ready);
  return half ? outcome : { ...outcome, answers: [answer, await begin(play, person, { ...ready, held })] };
};

/** Begins a link, also one that another person asked for. */
const followLink: Act<"followLink"> = async (play, { who, from, ...which }) => {
  const person = who as Person;
  const held = play.pick(person, which);
  const ready = play.ways.links.get(from ?? person);
  // A thief who has the session and the link may use both, by design; the model leaves that out.
  if (!held || !ready || (held.isCopy && held.sessionId === ready.link.sessionId)) return undefined;
  return { answers: [await begin(play, person, { ...ready, held })] };
};

/** Links the identity that was proven before a sign-in to the account that has its address. */
const confirmLink: Act<"confirmLink"> = async (play, choice) => {
  const tried = attempt(play, choice);
  const pending = tried && play.ways.pending.get(tried.person);
  if (!pending) return undefined;
  const { person, held, proof } = tried;
  const { key, provider, userId } = pending;
  const isAllowed = tried.isAllowed && userId === held.userId;
  const { step } = play;
  const path = `/account/identities/link?user=${held.userId}`;
  const answer = await visit(play, person, path, { held, form: { provider, ...proof } });
  const { mayEnd, ...outcome } = outcomeOf(play, tried, step, [answer]);
  return { ...outcome, linking: { key, userId: held.userId, isAllowed }, ...(isAllowed && { mayEnd }) };
};

const unlink: Act<"unlink"> = async (play, { n = 0, ...choice }) => {
  const tried = attempt(play, choice);
  const own = tried?.account?.identities ?? [];
  const identity = own[n % own.length];
  if (!tried || !identity) return undefined;
  const { step } = play;
  const path = `/users/me/identities/${identity.id}/delete`;
  const { mayEnd, ...outcome } = outcomeOf(play, tried, step, [await tried.post(path, tried.proof)]);
  return { ...outcome, ...(tried.isAllowed && { mayEnd, unlinks: identity.key }) };
};

export const IDENTITY_ACTS = { startAtProvider, comeBack, startLink, followLink, confirmLink, unlink };
