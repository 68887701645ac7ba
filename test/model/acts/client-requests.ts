/** How clients send requests, and why one must be refused. */

import type { ClientActs } from "../client-steps.ts";
import { type AppTokens, type Client, isMachine } from "../clients.ts";
import { type Actor, senderOf } from "../people.ts";
import type { Play } from "../play.ts";
import { ageOf } from "./session.ts";

type Answer = Awaited<ReturnType<Play["call"]>>;
type Secret = ClientActs["refreshApp"]["secret"];

/** A client that makes a request. */
export interface Presented {
  client: Client;
  secret: Secret;
}

/** The client that makes a request: that of these tokens, or the present one of a name. */
export const presentedBy = (
  play: Play,
  own: Client,
  { as, secret }: Pick<ClientActs["refreshApp"], "as" | "secret">,
): Presented => ({ client: (as && play.apps.clients.get(as)) ?? own, secret });

const secretOf = ({ client: { secrets }, secret }: Presented) =>
  secret === "wrong" ? "wrong" : secrets[secret === "old" ? Math.min(1, secrets.length - 1) : 0]?.text;

/** Sends a form of a client. */
export function sendAs(
  { world }: Pick<Play, "world">,
  who: Actor,
  path: string,
  presented: Presented,
  fields: Record<string, string | undefined>,
): Promise<Answer> {
  const all = { client_id: presented.client.id, client_secret: secretOf(presented), ...fields };
  const form = Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as Record<string, string>;
  return world.send(`/oauth/${path}`, {
    method: "POST",
    headers: senderOf(who),
    body: new URLSearchParams(form),
  });
}

/** Returns why a client is not the one that it says. */
export function flawOfClient(play: Play, presented: Presented): string | undefined {
  const { client } = presented;
  if (!play.before.clients.has(client.id)) return "of a client that was deleted";
  const text = secretOf(presented);
  const isPublic = client.secrets.length === 0;
  if (isPublic ? text === undefined : client.secrets.some((own) => own.text === text && own.endsAt > Date.now()))
    return undefined;
  return "with a wrong secret";
}

export const DISABLED = "of a disabled account";
export const NOT_ALLOWED = "that nobody allowed";
/** Another act at the same moment may enable the account, or allow it. */
export const PASSING = [DISABLED, NOT_ALLOWED];

export const flawOfUser = ({ before }: Play, userId: string): string | undefined => {
  const account = before.accounts.get(userId);
  if (!account) return "of a deleted account";
  return account.disabled ? DISABLED : undefined;
};

/** Returns why tokens of a client open nothing anymore. */
export function flawOfTokens(play: Play, tokens: AppTokens, by: "access" | "refresh"): string | undefined {
  const expiresAt = by === "access" ? tokens.accessExpiresAt : tokens.refreshExpiresAt;
  if (!play.before.clients.has(tokens.client.id)) return "of a client that was deleted";
  if (expiresAt <= Date.now()) return "that has expired";
  if (isMachine(tokens)) return by === "access" ? undefined : "of a client itself";
  if (!play.before.sessions.has(tokens.sessionId)) return "of a session that has ended";
  return flawOfUser(play, tokens.userId);
}

/** Tests whether a refresh token that is valid otherwise was used too long ago. */
export const isReused = (play: Play, tokens: Parameters<typeof ageOf>[1]): boolean => ageOf(play, tokens) === "reused";
