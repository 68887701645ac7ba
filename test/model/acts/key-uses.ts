/** What is done with API keys and with the tokens that they are exchanged for. */
import { decodeJwt } from "jose";
import { call } from "../../support/rpc.ts";
import { RESOURCE } from "../clients.ts";
import type { KeyActs } from "../key-steps.ts";
import type { HeldKey, KeyClaims, KeyToken } from "../keys.ts";
import { type Person, senderOf } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import { DISABLED, flawOfClient, presentedBy, sendAs } from "./client-requests.ts";
import { flawOfActing } from "./client-tokens.ts";
import type { Act } from "./entry.ts";
import { keyOf } from "./keys.ts";

/** The flaw of a key whose user may prove an address at the same moment. */
export const UNPROVEN = "of an account without a proven address";

/** Returns why a key opens nothing. */
function flawOfKey(play: Play, { id, ownerId, expiresAt }: HeldKey, isStrict: boolean): string | undefined {
  const { before, keys } = play;
  if (keys.ended.has(id)) return "that has ended";
  if (expiresAt !== null && expiresAt <= Date.now()) return "that has expired";
  if (before.clients.has(ownerId)) return flawOfActing(play, ownerId);
  const account = before.accounts.get(ownerId);
  if (!account) return "of nobody";
  if (account.disabled) return DISABLED;
  return isStrict && account.proven.length === 0 ? UNPROVEN : undefined;
}

const isOfOthers = ({ before }: Play, { ownerId }: HeldKey) => before.clients.get(ownerId)?.firstParty === false;

/** Gives a key or a token to a service with a binding. */
async function verify(world: Play["world"], text: string, options: object) {
  const { ok, code, value } = await call(world, "verify", text, options);
  const broken = code === "internal" ? { broken: "a verification failed" } : {};
  return { isAccepted: ok as boolean, claims: value as KeyClaims, broken };
}

/** Asks the introspection of a client, by default of the one of the operator. */
async function introspect(play: Play, world: Play["world"], text: string, step: KeyActs["useKey"] & { who: Person }) {
  const client = play.apps.clients.get(step.as ?? "own");
  if (!client) return undefined;
  const presented = presentedBy(play, client, step);
  const answer = await sendAs({ world }, step.who, "introspect", presented, { token: text });
  const { secrets } = client;
  return {
    answer,
    client,
    isAccepted: answer.json?.active === true,
    flaw: flawOfClient(play, presented) ?? (secrets.length === 0 ? "by a public client" : undefined),
    isOperators: play.before.clients.get(client.id)?.firstParty === true,
  };
}

const byIntrospection: Act<"useKey"> = async (play, step) => {
  const key = keyOf(play, step);
  const world = step.strict ? play.strictWorld : play.world;
  const asked = key && (await introspect(play, world, key.text, { ...step, who: step.who as Person }));
  if (!key || !asked) return undefined;
  const { answer, isAccepted, isOperators } = asked;
  const flaw = asked.flaw ?? (isOperators ? flawOfKey(play, key, step.strict ?? false) : "by a client of others");
  const said = { key, claims: answer.json, audience: undefined, isToken: false };
  return { answers: [answer], key: { flaw, isAccepted, isReading: true, ...(isAccepted && { said }) } };
};

const byBinding: Act<"useKey"> = async (play, step) => {
  const { unasked = false, resource = false, strict = false } = step;
  const key = keyOf(play, step);
  if (!key) return undefined;
  const world = strict ? play.strictWorld : play.world;
  const options = { apiKeys: !unasked, ...(resource && { audience: RESOURCE }) };
  const { isAccepted, claims, broken } = await verify(world, key.text, options);
  const isRefused = unasked ? "where no key is accepted" : undefined;
  const isForService = !resource && isOfOthers(play, key) ? "of others, for the service" : undefined;
  const flaw = isRefused ?? isForService ?? flawOfKey(play, key, strict);
  const { ISSUER, ACCESS_TOKEN_AUDIENCE } = world.env;
  const audience = resource ? RESOURCE : ACCESS_TOKEN_AUDIENCE || ISSUER;
  const said = { key, claims, audience, isToken: false };
  return { answers: [], ...broken, key: { flaw, isAccepted, isReading: true, ...(isAccepted && { said }) } };
};

const byExchange: Act<"useKey"> = async (play, step) => {
  const key = keyOf(play, step);
  if (!key) return undefined;
  const world = step.strict ? play.strictWorld : play.world;
  const audience = step.resource ? "https://other.example/mcp" : RESOURCE;
  const body = { api_key: key.text, resource: audience };
  const answer = await world.post("/auth/api-keys/token", body, senderOf(step.who));
  const isAccepted = answer.status === 200;
  const claims = isAccepted ? decodeJwt<KeyClaims>(answer.json.access_token) : {};
  if (isAccepted) {
    const token: KeyToken = {
      text: answer.json.access_token,
      key,
      expiresAt: (claims.exp ?? 0) * 1000,
      step: play.step,
    };
    play.keys.tokens[step.who as Person].unshift(token);
  }
  const isUnknown = step.resource ? "for an unknown resource" : undefined;
  const flaw = isUnknown ?? flawOfKey(play, key, step.strict ?? false);
  const said = { key, claims, audience, isToken: false };
  return { answers: [answer], key: { flaw, isAccepted, isReading: true, ...(isAccepted && { said }) } };
};

const useKey: Act<"useKey"> = (play, step) =>
  ({ binding: byBinding, exchange: byExchange, introspection: byIntrospection })[step.by](play, step);

const tokenOf = ({ keys }: Play, who: Person, n = 0) => keys.tokens[who][Math.min(n, keys.tokens[who].length - 1)];

/** Returns why a token of a key opens nothing at a service that asks this much. */
function flawOfToken(play: Play, token: KeyToken, by: KeyActs["useKeyToken"]["by"], isStrict: boolean) {
  if (token.expiresAt <= Date.now()) return "that has expired";
  if (by === "local") return undefined;
  if (by === "revocation") return play.keys.isDenied(token) ? "whose key has ended" : undefined;
  return flawOfKey(play, token.key, isStrict);
}

const useKeyToken: Act<"useKeyToken"> = async (play, { by, unasked = false, elsewhere = false, ...step }) => {
  const who = step.who as Person;
  const token = tokenOf(play, who, step.token);
  if (!token) return undefined;
  const { strict = false } = step;
  const world = strict ? play.strictWorld : play.world;
  const flaw = flawOfToken(play, token, by, strict);
  if (by === "introspection") {
    const { as, secret } = step;
    const choice = { ...(as && { as }), ...(secret && { secret }) };
    const asked = await introspect(play, world, token.text, { ...choice, by, who });
    if (!asked) return undefined;
    const { answer, client, isAccepted, isOperators } = asked;
    const isOthers = isOperators || client.id === token.key.ownerId ? undefined : "by a client of others";
    const said = { key: token.key, claims: answer.json, audience: RESOURCE, isToken: true };
    return {
      answers: [answer],
      key: { flaw: asked.flaw ?? isOthers ?? flaw, isAccepted, isReading: true, ...(isAccepted && { said }) },
    };
  }
  const options = { apiKeys: !unasked, tier: by, ...(!elsewhere && { audience: RESOURCE }) };
  const { isAccepted, claims, broken } = await verify(world, token.text, options);
  const isWrong = unasked ? "where no key is accepted" : elsewhere ? "for another audience" : undefined;
  const said = { key: token.key, claims, audience: RESOURCE, isToken: true };
  return {
    answers: [],
    ...broken,
    key: { flaw: isWrong ?? flaw, isAccepted, isReading: true, ...(isAccepted && { said }) },
  };
};

/** The requests of browsers. */
function requestOf(play: Play, who: Person, what: KeyActs["keyAtService"]["what"], text: string, id: string) {
  const proof = { password: play.model.passwordsOf(who)[0] ?? "no-such-staple-battery" };
  const requests: Record<typeof what, [method: string, path: string, body?: object]> = {
    me: ["GET", "/users/me"],
    keys: ["GET", "/users/me/api-keys"],
    create: ["POST", "/users/me/api-keys", { name: "More", scopes: ["notes:write"], ...proof }],
    revoke: ["DELETE", `/users/me/api-keys/${id}`],
    patch: ["PATCH", "/users/me", { locale: "en" }],
    password: ["POST", "/users/me/password", { new_password: "a-staple-of-a-key", current_password: proof.password }],
    delete: ["DELETE", "/users/me", proof],
    refresh: ["POST", "/auth/refresh", { refresh_token: text }],
    logout: ["POST", "/auth/logout", { scope: "global" }],
    userinfo: ["GET", "/oauth/userinfo"],
    page: ["GET", "/account/api-keys"],
  };
  return requests[what];
}

const keyAtService: Act<"keyAtService"> = async (play, { what, asToken = false, ...step }) => {
  const who = step.who as Person;
  const token = asToken ? tokenOf(play, who, step.key) : undefined;
  const key = token?.key ?? keyOf(play, step);
  if (!key || (asToken && !token)) return undefined;
  const text = token?.text ?? key.text;
  const [method, path, body] = requestOf(play, who, what, text, key.id);
  const cookie = `__Host-access_token=${text}; __Host-refresh_token=${text}`;
  const answer =
    what === "page"
      ? await play.world.send(path, { headers: { ...senderOf(who), cookie, accept: "text/html" }, redirect: "manual" })
      : await play.call(who, method, path, body, what === "refresh" ? undefined : text);
  const isAccepted = answer.status < 300;
  return { answers: [answer], key: { flaw: "that opens no account", isAccepted, isReading: true } } satisfies Outcome;
};

export const KEY_USE_ACTS = { useKey, useKeyToken, keyAtService };
