/** The conditions on clients, and on what users allow them, that must hold after every step. */
import { decodeJwt } from "jose";
import { PASSING } from "./acts/client-requests.ts";
import { type Allowed, type CodeRow, type DeviceRow, grantKey } from "./client-rows.ts";
import { type AppAct, type AppTokens, allowedIn, isMachine, sessionsOfGrant } from "./clients.ts";
import type { Check, Transition } from "./invariants.ts";
import { nameOf } from "./invariants.ts";
import type { Outcome } from "./play.ts";
import type { LiveSession, Snapshot } from "./snapshot.ts";

interface Acted {
  outcome: Outcome;
  app: AppAct;
}

const acted = ({ outcomes }: Transition): Acted[] =>
  outcomes.flatMap((outcome) => (outcome.app ? [{ outcome, app: outcome.app }] : []));

const ofClients = ({ sessions }: Snapshot) => [...sessions.values()].filter(({ clientId }) => clientId !== null);
const isNew =
  (before: Map<string, unknown>) =>
  ({ id }: { id: string }): boolean =>
    !before.has(id);

const covers = (allowed: Allowed | undefined, { scopes }: Allowed): boolean =>
  scopes.every((scope) => allowed?.scopes.includes(scope) ?? false);

const isSame = (one: Omit<Allowed, "scopes">, other: Omit<Allowed, "scopes">) => grantKey(one) === grantKey(other);

const told = ({ clientId, scopes, resource }: Allowed, { play }: Transition) => {
  const name = [...play.apps.clients.values()].find(({ id }) => id === clientId)?.name ?? "deleted";
  return `the ${name} client with ${scopes.join(" ") || "no scopes"}${resource ? ` for ${resource}` : ""}`;
};

/** The answers to questions in this step, which allow clients something. */
const consents = (transition: Transition): Allowed[] =>
  acted(transition).flatMap(({ app: { allows } }) => (allows ? [allows] : []));

/** Returns what is wrong with a session that a client has got in this step. */
function unfounded(transition: Transition, session: LiveSession): string[] {
  const { play, before, after } = transition;
  const is = allowedIn(session);
  const name = `a session of ${told(is, transition)}`;
  const code = [...after.codes.values()].find(({ usedBy }) => usedBy === session.id);
  if (!code) return [`${name} came from no code`];
  const allowed = play.apps.allowed.get(code.id) ?? [];
  const isAllowed = allowed.some((each) => isSame(each, is) && covers(each, is));
  return [
    ...(isAllowed ? [] : [`${name} has what its user did not allow by the code`]),
    ...(before.sessions.has(code.sessionId) ? [] : [`${name} came from a browser that is signed out`]),
  ];
}

/** Codes that gave a client more than one session. */
const openedTwice = ({ play, after }: Transition): string[] =>
  [...play.apps.opened].flatMap(([digest, answered]) => {
    const { usedBy } = after.codes.get(digest) ?? {};
    const all = new Set([...answered, ...(usedBy ? [usedBy] : [])]);
    return all.size > 1 ? [`a code opened ${all.size} sessions`] : [];
  });

/** Tests whether the user has allowed it, before this step or in it. */
function isConsented(transition: Transition, asked: Allowed): boolean {
  const before = transition.before.grants.get(grantKey(asked));
  const now = consents(transition).filter((each) => isSame(each, asked));
  const scopes = [before, ...now].flatMap((each) => each?.scopes ?? []);
  return covers({ ...asked, scopes }, asked);
}

/** Codes of others that nobody was asked for, and grants that nobody gave. */
function withoutConsent(transition: Transition): string[] {
  const { before, after } = transition;
  const codes = [...after.codes.values()].filter(isNew(before.codes));
  const isOperators = ({ clientId }: Allowed) => after.clients.get(clientId)?.firstParty ?? false;
  const silent = codes.filter((code) => !isOperators(code) && !isConsented(transition, code));
  const grants = [...after.grants.values()].filter((grant) => !isConsented(transition, grant));
  const open = ofClients(after)
    .map(allowedIn)
    .filter((is) => !isOperators(is) && !covers(after.grants.get(grantKey(is)), is));
  return [
    ...silent.map((code) => `a code for ${told(code, transition)} that nobody was asked for`),
    ...grants.map((grant) => `a grant of ${told(grant, transition)} that nobody gave`),
    ...open.map((is) => `a session of ${told(is, transition)} without a grant`),
  ];
}

/** Grants that went, or lost scopes, without a revocation. */
const forgotten = (transition: Transition): string[] =>
  [...transition.before.grants]
    .filter(([key, grant]) => {
      const { after } = transition;
      const { userId, clientId } = grant;
      const isRevoked = acted(transition).some(
        ({ app: { revokes, deletes } }) =>
          deletes === clientId || (revokes?.userId === userId && revokes.clientId === clientId),
      );
      return !covers(after.grants.get(key), grant) && after.accounts.has(userId) && !isRevoked;
    })
    .map(([, grant]) => `a grant of ${told(grant, transition)} was lost`);

/** What is left of a client after its user revoked all. */
const leftByRevocation = (transition: Transition): string[] =>
  "both" in transition.step
    ? []
    : acted(transition).flatMap(({ app: { revokes, isAccepted } }) => {
        const { after } = transition;
        if (!revokes || !isAccepted || "fault" in transition.step) return [];
        const isOf = (each: Allowed) => each.userId === revokes.userId && each.clientId === revokes.clientId;
        const left = [...after.grants.values(), ...after.codes.values()].filter(isOf).length;
        const open = ofClients(after).filter(sessionsOfGrant(revokes)).length;
        return left + open > 0 ? ["something is left of what a user revoked"] : [];
      });

/** Sessions whose client or user is gone, and those from before a change of credentials. */
function outlived(transition: Transition): string[] {
  const { before, after } = transition;
  return ofClients(after).flatMap((session) => {
    const name = `a session of ${told(allowedIn(session), transition)}`;
    const account = after.accounts.get(session.userId);
    if (!after.clients.has(session.clientId ?? "")) return [`${name} outlives its client`];
    if (!account || account.disabled) return [`${name} outlives its user`];
    const old = before.accounts.get(account.id);
    const isOther = (kind: "email" | "phone") => account[kind] !== null && account[kind] !== old?.[kind];
    const isChanged = old?.credentialVersion !== account.credentialVersion || isOther("email") || isOther("phone");
    return before.sessions.has(session.id) && isChanged ? [`${name} outlives a change of ${nameOf(account)}`] : [];
  });
}

/** What a request about clients may not change. A code that opens nothing anymore may go. */
function traceOf({ at, clients, grants, codes, devices, sessions }: Snapshot, mayEnd: Outcome["mayEnd"]): string {
  const open = [...codes.values()].filter(({ spentAt, expiresAt, sessionId }) => {
    return spentAt === null && expiresAt > at && sessions.has(sessionId);
  });
  const kept = [...sessions.values()].filter((session) => !mayEnd?.(session));
  return JSON.stringify([...[clients, grants, devices].map((rows) => [...rows]), open, kept]);
}

/** Returns how a token says more, or something else, than was allowed. */
function misstated({ access, allowed, client, ...tokens }: AppTokens, { play }: Transition): string[] {
  const { sub, aud, client_id, scope, roles, email_verified } = decodeJwt<Record<string, unknown>>(access);
  const scopes = `${scope ?? ""}`.split(" ").filter(Boolean);
  const isOperators = client.name === "own" || client.name === "machine";
  const { ISSUER, ACCESS_TOKEN_AUDIENCE } = play.world.env;
  const service = ACCESS_TOKEN_AUDIENCE || ISSUER;
  const audience = allowed.resource ?? (isOperators ? service : `${ISSUER}/oauth/userinfo`);
  const isNobody = isMachine({ access, allowed, client, ...tokens });
  return [
    ...(sub === allowed.userId && client_id === client.id ? [] : [`names ${sub} and ${client_id}`]),
    ...(covers(allowed, { ...allowed, scopes }) ? [] : [`has ${scopes}, of ${allowed.scopes}`]),
    ...(aud === audience ? [] : [`is for ${aud}, not for ${audience}`]),
    ...(!isOperators && (roles as string[]).length > 0 ? ["has the roles of its user"] : []),
    ...(isNobody && (email_verified || tokens.refresh || tokens.idToken) ? ["names a user"] : []),
  ].map((what) => `a token of the ${client.name} client ${what}`);
}

const DAY_MILLISECONDS = 86_400_000;

/** What the schedule should have deleted. */
function unpurged({ step, after: { at, codes, devices } }: Transition): string[] {
  if (!("act" in step) || step.act !== "schedule") return [];
  const isOver = ({ spentAt, expiresAt }: CodeRow) => expiresAt + (spentAt === null ? 0 : DAY_MILLISECONDS) <= at;
  const isForgotten = ({ expiresAt }: DeviceRow) => expiresAt + DAY_MILLISECONDS <= at;
  const n = [...codes.values()].filter(isOver).length + [...devices.values()].filter(isForgotten).length;
  return n > 0 ? [`${n} codes that nobody needs are left`] : [];
}

export const CLIENT_CHECKS = {
  "code-opens-what-was-allowed": (transition) => [
    ...ofClients(transition.after)
      .filter(isNew(transition.before.sessions))
      .flatMap((session) => unfounded(transition, session)),
    ...openedTwice(transition),
  ],

  "clients-need-consent": (transition) => [...withoutConsent(transition), ...forgotten(transition)],

  "clients-end": (transition) => [...outlived(transition), ...leftByRevocation(transition)],

  "what-should-end-ends": ({ step, outcomes, before, after }) =>
    "both" in step
      ? []
      : outcomes.flatMap(({ mustEnd }) =>
          [...before.sessions.values()]
            .filter((session) => mustEnd?.(session) && after.sessions.has(session.id))
            .map(() => "a session goes on that should have ended"),
        ),

  "clients-prove-themselves": (transition) =>
    acted(transition)
      .filter(({ app: { flaw, isAccepted } }) => {
        return isAccepted && flaw && !("both" in transition.step && PASSING.includes(flaw));
      })
      .map(({ app: { flaw } }) => `a request ${flaw} was accepted`),

  "refused-changes-nothing": (transition) => {
    const { step, before, after } = transition;
    if (!("act" in step)) return [];
    return acted(transition)
      .filter(({ app: { isAccepted, isReading } }) => !isAccepted || isReading)
      .filter(({ outcome: { mayEnd } }) => traceOf(before, mayEnd) !== traceOf(after, mayEnd))
      .map(({ app: { flaw } }) => `a request ${flaw ?? "that only reads"} changed something`);
  },

  "rows-are-bounded": unpurged,

  "tokens-say-what-was-allowed": (transition) =>
    acted(transition).flatMap(({ app: { issued = [] } }) => issued.flatMap((tokens) => misstated(tokens, transition))),
} satisfies Record<string, Check>;
