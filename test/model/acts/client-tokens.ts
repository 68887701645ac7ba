/** What is done with the tokens of clients. */

import { env } from "cloudflare:workers";
import { ACCOUNT_SCOPE } from "../../../src/contract/oauth-client.ts";
import { fieldsOf } from "../../support/oauth.ts";
import { scopesIn } from "../client-rows.ts";
import type { ClientActs } from "../client-steps.ts";
import { type AppTokens, isMachine, readTokens } from "../clients.ts";
import type { Actor, Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { LiveSession } from "../snapshot.ts";
import { flawOfClient, flawOfTokens, isReused, presentedBy, sendAs } from "./client-requests.ts";
import type { Act } from "./entry.ts";
import { isOwn } from "./session.ts";
import { visit } from "./visit.ts";

const tokensOf = (play: Play, { who, app, age }: { who: Actor; app?: number; age?: number }) =>
  play.apps.pick(who as Person, { ...(app && { app }), ...(age && { age }) });

/** Returns why a client must not hear that a token is active. */
function flawOfInspection(
  play: Play,
  presented: ReturnType<typeof presentedBy>,
  tokens: AppTokens,
  by: "access" | "refresh",
) {
  const { client } = presented;
  if (client.secrets.length === 0) return "by a public client";
  const isOwnToken = client.id === tokens.client.id;
  const isOperators = play.before.clients.get(client.id)?.firstParty && by === "access";
  const generation = play.before.sessions.get(tokens.sessionId)?.generation ?? 0;
  if (!isOwnToken && !isOperators) return "of another client";
  if (by === "refresh" && generation > tokens.generation) return "that was used before";
  return flawOfTokens(play, tokens, by);
}

const introspect: Act<"introspect"> = async (play, { by, ...step }) => {
  const tokens = tokensOf(play, step);
  if (!tokens) return undefined;
  const presented = presentedBy(play, tokens.client, step);
  const answer = await sendAs(play, step.who, "introspect", presented, { token: tokens[by] });
  const flaw = flawOfClient(play, presented) ?? flawOfInspection(play, presented, tokens, by);
  return { answers: [answer], app: { flaw, isAccepted: answer.json?.active === true, isReading: true } };
};

const revokeApp: Act<"revokeApp"> = async (play, { by, ...step }) => {
  const tokens = tokensOf(play, step);
  if (!tokens) return undefined;
  const presented = presentedBy(play, tokens.client, step);
  const flaw = flawOfClient(play, presented);
  const answer = await sendAs(play, step.who, "revoke", presented, { token: tokens[by] });
  const isItsOwn = presented.client.id === tokens.client.id && !isMachine(tokens);
  const ends = flaw === undefined && isItsOwn && flawOfTokens(play, tokens, by) === undefined;
  const isAccepted = answer.status === 200;
  return {
    answers: [answer],
    ...(ends && { mayEnd: isOwn(tokens) }),
    ...(ends && isAccepted && { mustEnd: isOwn(tokens) }),
    app: { flaw, isAccepted, isReading: !ends },
  };
};

const userinfo: Act<"userinfo"> = async (play, step) => {
  const tokens = tokensOf(play, step);
  if (!tokens) return undefined;
  const answer = await play.call(step.who, "GET", "/oauth/userinfo", undefined, tokens.access);
  const { scopes, resource } = tokens.allowed;
  const says = (claim: string, scope: string) => answer.json?.[claim] !== undefined && !scopes.includes(scope);
  const isOther = isMachine(tokens) ? "of a client itself" : resource ? "for a resource" : undefined;
  const isWide = says("email", "email") || says("preferred_username", "profile") ? "beyond its scopes" : undefined;
  const flaw = isOther ?? flawOfTokens(play, tokens, "access") ?? isWide;
  return { answers: [answer], app: { flaw, isAccepted: answer.status === 200, isReading: true } };
};

type Place = ClientActs["atService"]["what"];

/** The requests of browsers and of their users. */
function requestAt(play: Play, person: Person, what: Place, { refresh }: AppTokens): [string, string, object?] {
  const refresh_token = refresh;
  switch (what) {
    case "me":
      return ["GET", "/users/me"];
    case "sessions":
      return ["GET", "/users/me/sessions"];
    case "patch":
      return ["PATCH", "/users/me", { locale: "en" }];
    case "password":
      return ["POST", "/users/me/password", { new_password: play.model.choosePassword(person) }];
    case "endSessions":
      return ["POST", "/auth/logout", { scope: "global" }];
    case "refresh":
      return ["POST", "/auth/refresh", { refresh_token }];
    case "logout":
      return ["POST", "/auth/logout", { scope: "global", refresh_token }];
  }
}

/**
 * Only clients of the operator get tokens for the service. With the scope `account` they may do
 * what the user may, which the acts of browsers show.
 */
const atService: Act<"atService"> = async (play, { what, ...step }) => {
  const tokens = tokensOf(play, step);
  if (!tokens) return undefined;
  const isRefresh = what === "refresh" || what === "logout";
  const isOperators = !isMachine(tokens) && tokens.client.name === "own" && tokens.allowed.resource === null;
  if (isRefresh ? tokens.refresh === "" : isOperators && what !== "me" && what !== "sessions") return undefined;
  const [method, path, body] = requestAt(play, step.who as Person, what, tokens);
  const answer = await play.call(step.who, method, path, body, isRefresh ? undefined : tokens.access);
  const mayPass = isOperators && !isRefresh;
  const isNarrow = !tokens.allowed.scopes.includes(ACCOUNT_SCOPE) ? "without the scope" : undefined;
  const flaw = mayPass ? (flawOfTokens(play, tokens, "access") ?? isNarrow) : "that is not for the service";
  // This one answers what it answers to a browser that was signed out before.
  const isAccepted = answer.status < 300 && what !== "logout";
  const isOld = what === "logout" && isReused(play, tokens);
  return {
    answers: [answer],
    ...(isOld && { mayEnd: isOwn(tokens) }),
    app: { flaw, isAccepted, isReading: true },
  };
};

/** Signs out with an ID token (OpenID Connect RP-Initiated Logout 1.0). */
const leaveApp: Act<"leaveApp"> = async (play, { stay = false, of, ...step }) => {
  const who = step.who as Person;
  const tokens = tokensOf(play, { ...step, who: of ?? who });
  if (!tokens?.idToken) return undefined;
  const held = play.pick(who, { ...(step.session && { session: step.session }) });
  const isHere = held && play.before.sessions.has(held.sessionId) && held.refreshExpiresAt > Date.now();
  const isKnown = (await isHint(tokens.sessionId)) && play.before.clients.has(tokens.client.id);
  const isSure = isKnown && (!isHere || held.userId === tokens.userId);
  const params = new URLSearchParams({ id_token_hint: tokens.idToken });
  const asked = await visit(play, who, `/oauth/logout?${params}`, { held });
  const { request = "", user } = fieldsOf(
    asked.text.split('action="/oauth/logout/answer"')[1]?.split("</form>")[0] ?? "",
  );
  const form = user ? { request, user, answer: stay ? "stay" : "leave" } : undefined;
  const answers = [asked, ...(form ? [await visit(play, who, "/oauth/logout/answer", { held, form })] : [])];
  const isOfBrowser = ({ id }: LiveSession) => isHere === true && id === held.sessionId && (isSure || !stay);
  const ends = (session: LiveSession) => isOfBrowser(session) || (isSure && isOwn(tokens)(session));
  const isDone = !play.isFailing() && answers.every(({ status }) => status < 400);
  return { answers, mayEnd: ends, ...(isDone && { mustEnd: ends }) };
};

/** Tests whether an ID token of this session is a hint: also for a minute after its end. */
const isHint = async (sessionId: string) =>
  (await env.DB.prepare("select 1 from sessions where id = ? and coalesce(revoked_at, expires_at) > ?")
    .bind(sessionId, Date.now() - 60_000)
    .first()) !== null;

const getMachineToken: Act<"getMachineToken"> = async (play, { who, client: name, scopes, ...choice }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  const presented = presentedBy(play, client, choice);
  const scope = scopes === "all" ? "notes:read" : undefined;
  const form = { grant_type: "client_credentials", scope };
  const answer = await sendAs(play, who, "token", presented, form);
  const { id } = presented.client;
  const allowed = { userId: id, clientId: id, scopes: scopesIn(scope ?? ""), resource: null };
  const rest = { client: presented.client, allowed, isCopy: false, step: play.step };
  const issued = answer.json?.access_token ? [readTokens(answer.json, rest)] : [];
  play.apps.tokens[who as Person].unshift(...issued);
  const isWrong = flawOfClient(play, presented) ?? flawOfActing(play, id);
  const isForService = play.before.clients.get(id)?.firstParty ? undefined : "for the service";
  const flaw = isWrong ?? isForService ?? flawOfScopes(play, id, allowed.scopes);
  return { answers: [answer], app: { flaw, isAccepted: issued.length > 0, issued, isReading: true } };
};

/** Returns why a client does not act for itself. */
export const flawOfActing = ({ before }: Pick<Play, "before">, clientId: string): string | undefined =>
  before.clients.get(clientId)?.grants.includes("client_credentials") ? undefined : "of a client without the grant";

const flawOfScopes = ({ before }: Play, clientId: string, scopes: string[]): string | undefined => {
  const own = before.clients.get(clientId)?.scopes;
  return scopes.every((scope) => own?.includes(scope) ?? true) ? undefined : "with scopes that it may not have";
};

const stealFromApp: Act<"stealFromApp"> = async (play, { from, ...which }) => {
  const tokens = tokensOf(play, { ...which, who: from });
  if (!tokens) return undefined;
  play.apps.tokens.thief.unshift({ ...tokens, isCopy: true, step: play.step });
  return { answers: [] } satisfies Outcome;
};

export const CLIENT_TOKEN_ACTS = {
  introspect,
  revokeApp,
  userinfo,
  atService,
  leaveApp,
  getMachineToken,
  stealFromApp,
};
