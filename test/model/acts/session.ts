/** Acts with a token: refresh, sign-out, sessions, and reading what a session may read. */
import { REFRESH_REUSE_WINDOW_MILLISECONDS } from "../bounds.ts";
import type { Held } from "../model.ts";
import { type Person, senderOf } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { LiveSession } from "../snapshot.ts";
import type { StepOf } from "../steps.ts";
import type { Act } from "./entry.ts";

/** The state of a refresh token when it is used. */
export function ageOf(
  play: Play,
  { sessionId, generation, refreshExpiresAt }: Pick<Held, "sessionId" | "generation" | "refreshExpiresAt">,
): "valid" | "dead" | "reused" {
  const session = play.before.sessions.get(sessionId);
  if (!session || refreshExpiresAt <= Date.now()) return "dead";
  if (session.generation === generation) return "valid";
  const isPrevious = session.generation === generation + 1;
  const rotatedAt = session.rotatedAt ?? 0;
  return isPrevious && Date.now() - rotatedAt < REFRESH_REUSE_WINDOW_MILLISECONDS ? "valid" : "reused";
}

export const isOwn =
  ({ sessionId }: Pick<Held, "sessionId">) =>
  ({ id }: LiveSession): boolean =>
    id === sessionId;

const refresh: Act<"refresh"> = async (play, { who, ...which }) => {
  const person = who as Person;
  const held = play.pick(person, which);
  if (!held) return undefined;
  const { step } = play;
  const age = ageOf(play, held);
  const answer = await play.call(who, "POST", "/auth/refresh", { refresh_token: held.refresh });
  if (answer.status === 200) {
    play.model.keep(person, answer.json, { step, isCopy: held.isCopy, from: held });
    play.model.countRefresh(person, held);
  }
  return {
    answers: [answer],
    token: { held, by: "refresh" },
    mayEnd: isOwn(held),
    noticesReuse: age === "reused",
  };
};

const logout: Act<"logout"> = async (play, { who, scope, by, ...which }) => {
  const held = play.pick(who as Person, which);
  if (!held) return undefined;
  const isLive = play.before.sessions.has(held.sessionId);
  const age = by === "refresh" ? ageOf(play, held) : isLive && held.accessExpiresAt > Date.now() ? "valid" : "dead";
  const body = { scope, ...(by === "refresh" && { refresh_token: held.refresh }) };
  const answer = await play.call(who, "POST", "/auth/logout", body, by === "access" ? held.access : undefined);
  const isWide = scope !== "local" && age === "valid";
  return {
    answers: [answer],
    mayEnd: (session) => isOwn(held)(session) || (isWide && session.userId === held.userId),
    // Leniency is for signing out one's own session only.
    noticesReuse: scope !== "local" && age === "reused",
  };
};

/** A request with an access token that ends no session. */
export async function withAccess(
  play: Play,
  { who, session, age }: { who: StepOf<"me">["who"]; session?: number; age?: number },
  method: string,
  path: string,
  body?: object,
): Promise<Outcome | undefined> {
  const held = play.pick(who as Person, { ...(session && { session }), ...(age && { age }) });
  if (!held) return undefined;
  const answer = await play.call(who, method, path, body, held.access);
  return { answers: [answer], token: { held, by: "access" } };
}

const endSession: Act<"endSession"> = async (play, step) => {
  const held = play.pick(step.who as Person, step);
  if (!held) return undefined;
  const others = [...play.before.sessions.values()].filter(({ userId }) => userId === held.userId);
  const target = others[(step.other ?? 0) % others.length]?.id ?? held.sessionId;
  const outcome = await withAccess(play, step, "DELETE", `/users/me/sessions/${target}`);
  return outcome && { ...outcome, mayEnd: ({ id }) => id === target };
};

/** A hosted page, in a browser that has the tokens as cookies. */
const page: Act<"page"> = async (play, { who, path, ...which }) => {
  const held = play.pick(who as Person, which);
  if (!held) return undefined;
  const cookie = `__Host-access_token=${held.access}; __Host-refresh_token=${held.refresh}`;
  const headers = { ...senderOf(who), cookie, accept: "text/html", "sec-fetch-mode": "navigate" };
  return { answers: [await play.world.send(path, { headers, redirect: "manual" })] };
};

export const SESSION_ACTS = {
  refresh,
  logout,
  endSession,
  page,
  me: ((play, step) => withAccess(play, step, "GET", "/users/me")) satisfies Act<"me">,
  sessions: ((play, step) => withAccess(play, step, "GET", "/users/me/sessions")) satisfies Act<"sessions">,
  events: ((play, step) => withAccess(play, step, "GET", "/users/me/events")) satisfies Act<"events">,
  patch: (async (play, step) => {
    const { username, locale } = step;
    return withAccess(play, step, "PATCH", "/users/me", { ...(username && { username }), ...(locale && { locale }) });
  }) satisfies Act<"patch">,
};
