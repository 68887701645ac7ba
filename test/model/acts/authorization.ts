/** The way of a client to its tokens: authorization in a browser, then codes and refresh tokens. */

import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { ACCOUNT_SCOPE } from "../../../src/contract/oauth-client.ts";
import { digestOfSecret } from "../../../src/crypto/one-time.ts";
import { CALLBACK, consentFieldsOf, refreshTo } from "../../support/oauth.ts";
import { type Allowed, scopesIn } from "../client-rows.ts";
import type { ClientActs } from "../client-steps.ts";
import { type AppAct, type AppTokens, allowedIn, type Client, type OpenPage, RESOURCE, scopeOf } from "../clients.ts";
import type { Actor, Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import {
  flawOfClient,
  flawOfTokens,
  flawOfUser,
  isReused,
  type Presented,
  presentedBy,
  sendAs,
} from "./client-requests.ts";
import type { Act } from "./entry.ts";
import { issuedBy, redeem } from "./redemption.ts";
import { isOwn } from "./session.ts";
import { visit } from "./visit.ts";

/** The tokens of a browser. They may be those of a client. */
export type Browser = Pick<
  AppTokens,
  "access" | "refresh" | "userId" | "sessionId" | "generation" | "refreshExpiresAt"
>;

/** The tokens in the browser of a step. */
export const browserOf = (
  play: Play,
  { who, inApp, session, age }: { who: Actor } & Pick<ClientActs["authorize"], "inApp" | "session" | "age">,
): Browser | undefined =>
  inApp
    ? play.apps.pick(who as Person, {})
    : play.pick(who as Person, { ...(session && { session }), ...(age && { age }) });

/** Returns why the user of a browser may allow no client anything. */
export function flawOfBrowser(play: Play, browser: Browser, clientId: string): string | undefined {
  const session = play.before.sessions.get(browser.sessionId);
  if (!play.before.clients.has(clientId)) return "for a client that was deleted";
  if (!session || browser.refreshExpiresAt <= Date.now()) return "in a browser that is signed out";
  return session.clientId === null ? flawOfUser(play, browser.userId) : "with tokens of a client";
}

/** The same for the authorization endpoint, which gets the refresh token alone. */
const flawOfAsking = (play: Play, browser: Browser, clientId: string): string | undefined =>
  flawOfBrowser(play, browser, clientId) ??
  (isReused(play, browser) ? "in a browser with a token that was used before" : undefined);

/** Keeps the code in the address to which a browser was sent. */
function keepCode(play: Play, who: Actor, answer: Outcome["answers"][number], page: Omit<OpenPage, "fields">): boolean {
  const to = URL.parse(answer.headers.get("location") ?? refreshTo(answer.headers) ?? "");
  const text = to?.href.startsWith(CALLBACK) ? to.searchParams.get("code") : undefined;
  if (!text) return false;
  const { client, verifier, allowed } = page;
  const digest = digestOfSecret(text);
  play.apps.codes[who as Person].unshift({ text, digest, verifier, client });
  play.apps.allow(digest, allowed);
  return true;
}

const authorize: Act<"authorize"> = async (play, step) => {
  const { who, client: name, scopes, resource = false, deny = false, half = false, quiet = false } = step;
  const client = play.apps.clients.get(name);
  const browser = browserOf(play, step);
  if (!client || !browser) return undefined;
  const verifier = generateRandomCodeVerifier();
  const params = new URLSearchParams({
    client_id: client.id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: scopeOf(scopes),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(resource && { resource: RESOURCE }),
    ...(quiet && { prompt: "none" }),
  });
  const asked = await visit(play, who as Person, `/oauth/authorize?${params}`, { held: browser });
  const allowed: Allowed = {
    userId: browser.userId,
    clientId: client.id,
    scopes: scopesOf(play, client, scopes),
    resource: resource ? RESOURCE : null,
  };
  const page = { client, verifier, allowed };
  const { form_id, request, user } = consentFieldsOf(asked.text);
  if (form_id && request && user) {
    const open = { ...page, fields: { form_id, request, user } };
    if (half) play.apps.pages.set(who as Person, open);
    else return answerPage(play, who, { open, browser, deny });
  }
  const isAccepted = keepCode(play, who, asked, page);
  const flaw = flawOfAsking(play, browser, client.id);
  return { answers: [asked], app: { flaw, isAccepted } };
};

/** Returns the requested scopes that a client gets. */
export function scopesOf({ before }: Play, { id }: Client, size: "few" | "all" | undefined): string[] {
  const { scopes: own = null, firstParty = false } = before.clients.get(id) ?? {};
  return scopesIn(scopeOf(size)).filter(
    (scope) => (own?.includes(scope) ?? true) && (firstParty || scope !== ACCOUNT_SCOPE),
  );
}

async function answerPage(
  play: Play,
  who: Actor,
  { open, browser, deny }: { open: OpenPage; browser: Browser; deny: boolean },
): Promise<Outcome> {
  const form = { ...open.fields, answer: deny ? "deny" : "allow" };
  const answer = await visit(play, who as Person, "/oauth/consent", { held: browser, form });
  const isOther = browser.userId !== open.allowed.userId ? "on the page of another user" : undefined;
  const flaw = flawOfAsking(play, browser, open.client.id) ?? isOther ?? (deny ? "that was denied" : undefined);
  const isAccepted = keepCode(play, who, answer, open);
  return { answers: [answer], app: { flaw, isAccepted, ...(!deny && { allows: open.allowed }) } };
}

const answerConsent: Act<"answerConsent"> = async (play, { who, deny = false, ...which }) => {
  const open = play.apps.pages.get(who as Person);
  const browser = play.pick(who as Person, which);
  return open && browser && answerPage(play, who, { open, browser, deny });
};

const exchange: Act<"exchange"> = async (play, { who, code: n = 0, of, wrong = false, twice = false, ...choice }) => {
  const codes = play.apps.codes[of ?? (who as Person)];
  const code = codes[Math.min(n, codes.length - 1)];
  if (!code) return undefined;
  const { client, digest, text } = code;
  // Only the app that asked has the verifier.
  const isWrong = wrong || of !== undefined;
  const code_verifier = isWrong ? generateRandomCodeVerifier() : code.verifier;
  const presented = presentedBy(play, client, choice);
  const form = { grant_type: "authorization_code", code: text, code_verifier };
  const flaw = isWrong ? "with a wrong verifier" : undefined;
  return redeem(play, who, { client, digest, presented, form, flaw, twice });
};

/** Signs in to a client until there are more sessions than a user may have. */
const fillSessions: Act<"fillSessions"> = async (play, step) => {
  const client = play.apps.clients.get(step.client);
  const answers: Outcome["answers"] = [];
  let allows: AppAct["allows"];
  for (let n = 0; n < 21; n++) {
    const asked = await authorize(play, { ...step, act: "authorize" });
    const exchanged = asked?.app?.isAccepted && (await exchange(play, { who: step.who, act: "exchange" }));
    if (!exchanged) break;
    // Only the first one may have asked.
    allows ??= asked.app?.allows;
    answers.push(...exchanged.answers);
  }
  const mayEnd: Outcome["mayEnd"] = ({ clientId }) => clientId === client?.id;
  return answers.length > 0 ? { answers, mayEnd, app: { isAccepted: true, allows } } : undefined;
};

/** Returns why a client may not refresh with these tokens. */
function flawOfRefresh(play: Play, presented: Presented, tokens: AppTokens): string | undefined {
  const isOther = presented.client.id !== tokens.client.id ? "of another client" : undefined;
  return flawOfClient(play, presented) ?? isOther ?? flawOfTokens(play, tokens, "refresh");
}

const refreshApp: Act<"refreshApp"> = async (play, { who, app, age, scopes, twice = false, ...choice }) => {
  const person = who as Person;
  const tokens = play.apps.pick(person, { ...(app && { app }), ...(age && { age }) });
  if (!tokens) return undefined;
  const { step } = play;
  const presented = presentedBy(play, tokens.client, choice);
  const session = play.before.sessions.get(tokens.sessionId);
  const own = session ? allowedIn(session) : tokens.allowed;
  const named = scopes && scopesIn(scopeOf(scopes));
  const isWide = named?.some((scope) => !own.scopes.includes(scope)) ? "with more scopes" : undefined;
  const flaw = flawOfRefresh(play, presented, tokens) ?? isWide;
  const isOld = flaw === undefined && isReused(play, tokens);
  // The previous token gets a new generation for another browser, and is two behind it then.
  const mayBeOld = flaw === undefined && (twice || tokens.generation < (session?.generation ?? 0));
  const form = { grant_type: "refresh_token", refresh_token: tokens.refresh, scope: named?.join(" ") };
  const send = () => sendAs(play, who, "token", presented, form);
  const answers = await Promise.all(twice ? [send(), send()] : [send()]);
  const allowed = { ...own, scopes: named ?? own.scopes };
  const { isCopy } = tokens;
  const issued = answers.flatMap((answer) => issuedBy(answer, { client: presented.client, allowed, isCopy, step }));
  play.apps.tokens[person].unshift(...issued);
  if (issued.length > 0) play.model.countRefresh(person, tokens);
  return {
    answers,
    ...(mayBeOld && { mayEnd: isOwn(tokens) }),
    ...(isOld && !play.isFailing() && { mustEnd: isOwn(tokens) }),
    app: { flaw: isOld ? "that was used before" : flaw, isAccepted: issued.length > 0, issued },
  };
};

export const AUTHORIZATION_ACTS = { authorize, answerConsent, exchange, fillSessions, refreshApp };
