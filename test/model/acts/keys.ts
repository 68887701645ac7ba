/** Acts on API keys: creating, listing and revoking them. */
import { env } from "cloudflare:workers";
import { MAX_API_KEYS } from "../../../src/storage/api-keys.ts";
import { administer } from "../../support/rpc.ts";
import type { KeyActs } from "../key-steps.ts";
import type { HeldKey } from "../keys.ts";
import type { Actor, Person } from "../people.ts";
import type { Play } from "../play.ts";
import { flawOfActing } from "./client-tokens.ts";
import type { Act } from "./entry.ts";
import { attempt } from "./factors.ts";
import { withAccess } from "./session.ts";

const SCOPES = { few: ["notes:read"], all: ["notes:read", "notes:write"] };

/** The request for a key, and the row that it leads to. */
function newKey({ scopes: size = "few", expires }: Pick<KeyActs["createKey"], "scopes" | "expires">, ownerId: string) {
  const scopes = SCOPES[size];
  const body = { name: "Backup", scopes, ...(expires && { expires_in: expires }) };
  return { body, row: { ownerId, scopes, expiresAt: expires ? Date.now() + expires * 1000 : null } };
}

interface Created {
  id: string;
  key: string;
}

/** Remembers the keys that were created. */
function keep({ keys }: Play, who: Actor, created: Created[], row: Omit<HeldKey, "id" | "text">) {
  keys.held[who as Person].unshift(...created.map(({ id, key }) => ({ ...row, id, text: key })));
}

/** The key that these numbers pick, newest first. */
export function keyOf({ keys }: Play, { who, key = 0, of }: { who: Actor; key?: number; of?: Person }) {
  const held = keys.held[of ?? (who as Person)];
  return held[Math.min(key, held.length - 1)];
}

const createKey: Act<"createKey"> = async (play, step) => {
  const chance = attempt(play, step);
  if (!chance) return undefined;
  const { held, isAllowed, proof, post } = chance;
  const { body, row } = newKey(step, held.userId);
  const create = () => post("/users/me/api-keys", { ...body, ...proof });
  const answers = await Promise.all(step.twice ? [create(), create()] : [create()]);
  const created = answers.filter(({ status }) => status === 201).map(({ json }) => json as Created);
  keep(play, step.who, created, { ...row, isOfClient: false });
  return {
    answers,
    token: { held, by: "access" },
    key: {
      flaw: isAllowed ? undefined : "without a fresh proof",
      isAccepted: created.length > 0,
      creates: { ...row, times: answers.length },
    },
  };
};

const createClientKey: Act<"createClientKey"> = async (play, { who, client: name, ...wanted }) => {
  const client = play.apps.clients.get(name);
  if (!client) return undefined;
  const { body, row } = newKey(wanted, client.id);
  const { ok, value } = await administer(play.world, "createApiKey", { ...body, client_id: client.id });
  if (ok) keep(play, who, [value], { ...row, isOfClient: true });
  const flaw = flawOfActing(play, client.id);
  return { answers: [], key: { flaw, isAccepted: ok, creates: { ...row, times: 1 } } };
};

const listKeys: Act<"listKeys"> = async (play, { asAdministrator = false, ...step }) => {
  const key = keyOf(play, step);
  if (asAdministrator) {
    const ownerId = key?.ownerId;
    if (!ownerId) return undefined;
    const owner = play.before.accounts.has(ownerId) ? { user_id: ownerId } : { client_id: ownerId };
    const { ok, value } = await administer(play.world, "listApiKeys", owner);
    return { answers: [], key: { isAccepted: ok, isReading: true, ...(ok && { lists: listOf(ownerId, value) }) } };
  }
  const held = play.pick(step.who as Person, step);
  const outcome = await withAccess(play, step, "GET", "/users/me/api-keys");
  const [answer] = outcome?.answers ?? [];
  if (!outcome || !held || !answer) return undefined;
  const isAccepted = answer.status === 200;
  const lists = isAccepted ? listOf(held.userId, answer.json) : undefined;
  return { ...outcome, key: { isAccepted, isReading: true, ...(lists && { lists }) } };
};

const listOf = (ownerId: string, { api_keys }: { api_keys: { id: string }[] }) => ({
  ownerId,
  ids: api_keys.map(({ id }) => id),
});

const revokeKey: Act<"revokeKey"> = async (play, { twice = false, ...step }) => {
  const key = keyOf(play, step);
  const held = play.pick(step.who as Person, step);
  if (!key || !held) return undefined;
  const revoke = () => withAccess(play, step, "DELETE", `/users/me/api-keys/${key.id}`);
  const outcomes = await Promise.all(twice ? [revoke(), revoke()] : [revoke()]);
  const answers = outcomes.flatMap((outcome) => outcome?.answers ?? []);
  const isOwn = key.ownerId === held.userId;
  const flaw = isOwn ? flawOfEnd(play, key) : "of another owner";
  const isAccepted = answers.some(({ status }) => status === 204);
  return {
    answers,
    token: { held, by: "access" },
    key: { flaw, isAccepted, ...(isOwn && { revokes: key.id }) },
  };
};

const flawOfEnd = ({ keys }: Play, { id }: HeldKey) => (keys.ended.has(id) ? "that has ended" : undefined);

const revokeAnyKey: Act<"revokeAnyKey"> = async (play, step) => {
  const key = keyOf(play, step);
  if (!key) return undefined;
  const { ok } = await administer(play.world, "revokeApiKey", key.id);
  return { answers: [], key: { flaw: flawOfEnd(play, key), isAccepted: ok, revokes: key.id } };
};

const fillKeys: Act<"fillKeys"> = async (play, { client: name, ...step }) => {
  const ownerId = name ? play.apps.clients.get(name)?.id : play.pick(step.who as Person, step)?.userId;
  if (!ownerId || !(play.before.accounts.has(ownerId) || play.before.clients.has(ownerId))) return undefined;
  const n = [...play.before.keys.values()].filter((key) => key.ownerId === ownerId).length;
  const numbers = JSON.stringify(Array.from({ length: Math.max(0, MAX_API_KEYS - 1 - n) }));
  await env.DB.prepare(
    `insert into api_keys (id, digest, ${name ? "client_id" : "user_id"}, name, scopes, created_at)
     select hex(randomblob(8)), 'none', ?1, 'Filling', '[]', ?2 from json_each(?3)`,
  )
    .bind(ownerId, Date.now(), numbers)
    .run();
  return { answers: [] };
};

/** A copy works like the key. */
const stealKeys: Act<"stealKeys"> = async ({ keys }, { from }) => {
  const { held, tokens } = keys;
  if (held[from].length === 0) return undefined;
  held.thief.unshift(...held[from]);
  tokens.thief.unshift(...tokens[from]);
  return { answers: [] };
};

export const KEY_ACTS = { createKey, createClientKey, listKeys, revokeKey, revokeAnyKey, fillKeys, stealKeys };
