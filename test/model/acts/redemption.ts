/** Exchanging the code of a browser or of a device for tokens. */
import { type AppAct, type AppTokens, type Client, readTokens, sessionsOfGrant } from "../clients.ts";
import type { Actor, Person } from "../people.ts";
import type { Outcome, Play } from "../play.ts";
import type { LiveSession } from "../snapshot.ts";
import { flawOfClient, flawOfUser, NOT_ALLOWED, type Presented, sendAs } from "./client-requests.ts";

/** A code that comes again within this time was repeated by its own client. */
const REPEAT_MILLISECONDS = 5000;
const MAX_SESSIONS = 20;

interface Redemption {
  /** The client that the code is for. */
  client: Client;
  digest: string;
  presented: Presented;
  form: Record<string, string>;
  /** Why it must be refused, besides what the database knows. */
  flaw: string | undefined;
  twice: boolean;
}

type Answer = Outcome["answers"][number];

/** The tokens in an answer of the token endpoint. */
export const issuedBy = ({ json }: Answer, rest: Parameters<typeof readTokens>[1]): AppTokens[] =>
  json?.access_token ? [readTokens(json, rest)] : [];

/** Returns why a code opens no session. */
function flawOfCode(play: Play, { digest, presented, client }: Redemption): string | undefined {
  const { before } = play;
  const code = before.codes.get(digest);
  if (presented.client.id !== client.id) return "of another client";
  if (!code) return NOT_ALLOWED;
  if (code.spentAt !== null) return "that was used";
  if (code.expiresAt <= Date.now()) return "that has expired";
  if (!before.sessions.has(code.sessionId)) return "whose browser was signed out";
  return flawOfUser(play, code.userId);
}

/** Ends what a code that comes again has opened. */
function reuseOf({ before }: Play, { digest, client, presented }: Redemption): Outcome["mustEnd"] {
  const code = before.codes.get(digest);
  const isOver = code && code.spentAt !== null && code.spentAt + REPEAT_MILLISECONDS <= Date.now();
  return isOver && presented.client.id === client.id ? ({ id }) => id === code.usedBy : undefined;
}

/** A new session may end one of a user who has as many with the client as they can. */
function surplusOf({ before }: Play, digest: string): (session: LiveSession) => boolean {
  const code = before.codes.get(digest);
  const isOf = code ? sessionsOfGrant(code) : () => false;
  return [...before.sessions.values()].filter(isOf).length >= MAX_SESSIONS ? isOf : () => false;
}

export async function redeem(play: Play, who: Actor, redemption: Redemption): Promise<Outcome> {
  const { client, digest, presented, form, twice } = redemption;
  const person = who as Person;
  const { step } = play;
  const wrongClient = flawOfClient(play, presented);
  const flaw = wrongClient ?? flawOfCode(play, redemption) ?? redemption.flaw;
  const reuse = wrongClient ? undefined : reuseOf(play, redemption);
  const surplus = surplusOf(play, digest);
  const send = () => sendAs(play, who, "token", presented, form);
  const answers = await Promise.all(twice ? [send(), send()] : [send()]);
  const userId = play.before.codes.get(digest)?.userId;
  const granted = play.apps.allowed.get(digest) ?? [];
  const allowed = granted.find((each) => each.userId === userId) ??
    granted[0] ?? { userId: "", clientId: client.id, scopes: [], resource: null };
  const issued = answers.flatMap((answer) =>
    issuedBy(answer, { client: presented.client, allowed, isCopy: person === "thief", step }),
  );
  for (const { sessionId } of issued) play.apps.countOpened(digest, sessionId);
  play.apps.tokens[person].unshift(...issued);
  const app: AppAct = { flaw, isAccepted: issued.length > 0, issued };
  return {
    answers,
    mayEnd: (session) => (reuse?.(session) ?? false) || surplus(session),
    ...(!play.isFailing() && { mustEnd: reuse }),
    app,
  };
}
