/** Acts of administrators on clients, and acts that end the access of a client. */
import { administer } from "../../support/rpc.ts";
import { NARROW, registrationOf, sessionsOfGrant } from "../clients.ts";
import type { Person } from "../people.ts";
import type { Act } from "./entry.ts";
import { withAccess } from "./session.ts";

/** How long a secret works after it was rotated. */
const OLD_SECRET_MILLISECONDS = 86_400_000;

const registerClient: Act<"registerClient"> = async (play, { client: name }) => {
  const known = play.apps.clients.get(name);
  if (known && play.before.clients.has(known.id)) return undefined;
  const { ok, value } = await administer(play.world, "createClient", registrationOf(name));
  if (!ok) return { answers: [] };
  const { client_id: id, client_secret: text } = value;
  play.apps.clients.set(name, { id, name, secrets: text ? [{ text, endsAt: Number.POSITIVE_INFINITY }] : [] });
  return { answers: [] };
};

const deleteClient: Act<"deleteClient"> = async (play, { client: name }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  const { ok } = await administer(play.world, "deleteClient", client.id);
  const ends = sessionsOfClient(client.id);
  return {
    answers: [],
    mayEnd: ends,
    ...(ok && { mustEnd: ends }),
    app: { isAccepted: ok || play.isFailing(), deletes: client.id },
  };
};

const sessionsOfClient =
  (id: string) =>
  ({ clientId }: { clientId: string | null }): boolean =>
    clientId === id;

const rotateSecret: Act<"rotateSecret"> = async (play, { client: name }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  const { ok, value } = await administer(play.world, "rotateClientSecret", client.id);
  if (!ok) return { answers: [] };
  const [current, ...older] = client.secrets;
  if (current) current.endsAt = Date.now() + OLD_SECRET_MILLISECONDS;
  for (const secret of older) secret.endsAt = Math.min(secret.endsAt, Date.now());
  client.secrets.unshift({ text: value.client_secret, endsAt: Number.POSITIVE_INFINITY });
  return { answers: [] };
};

/** Keeps the consent of users. */
const changeScopes: Act<"changeScopes"> = async (play, { client: name, narrow = false }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  await administer(play.world, "updateClient", client.id, { scopes: narrow ? NARROW : null });
  return { answers: [] };
};

/** A client without the grant stays, and so do its keys. */
const changeGrants: Act<"changeGrants"> = async (play, { client: name, lose = false }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  const grant_types = [lose ? "authorization_code" : "client_credentials"];
  await administer(play.world, "updateClient", client.id, { grant_types });
  return { answers: [] };
};

/** A user revokes what a client may do. */
const revokeGrant: Act<"revokeGrant"> = async (play, { client: name, ...step }) => {
  const client = play.apps.clients.get(name);
  const held = play.pick(step.who as Person, step);
  if (!client || !held) return undefined;
  const outcome = await withAccess(play, step, "DELETE", `/users/me/grants/${client.id}`);
  const pair = { userId: held.userId, clientId: client.id };
  const ends = sessionsOfGrant(pair);
  const isAccepted = outcome?.answers[0]?.status === 204;
  return (
    outcome && {
      ...outcome,
      mayEnd: ends,
      ...(isAccepted && { mustEnd: ends }),
      app: { isAccepted: isAccepted || play.isFailing(), revokes: pair },
    }
  );
};

export const CLIENT_ADMINISTRATION_ACTS = {
  registerClient,
  deleteClient,
  rotateSecret,
  changeScopes,
  changeGrants,
  revokeGrant,
};
