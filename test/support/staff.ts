import { env } from "cloudflare:workers";
import type { Settings } from "./bindings.ts";
import { NO_COOLDOWN } from "./outbox.ts";
import { insertIdentity, rows } from "./rows.ts";
import { administer } from "./rpc.ts";
import { createWorldWithJane, type World } from "./world.ts";

export const REASON = "Ticket 4711: the user asked for it.";

/** Jane, an administrator and an owner. Jane has everything that administrators act on. */
export async function createStaff(settings: Settings = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const add = async (name: string, ...roles: string[]): Promise<string> =>
    (await administer(world, "createUser", { email: `${name}@example.com`, roles })).value.id;
  const [admin, owner] = [await add("admin", "admin"), await add("owner", "owner")];
  const by = (administrator: string) => ({ administrator, reason: REASON });
  return { world, jane, login, add, admin, owner, by };
}

export const setRoles = (id: string, ...roles: string[]) =>
  env.DB.prepare("update users set roles = ? where id = ?").bind(JSON.stringify(roles), id).run();

/** A code to it is another way in. */
async function verifyEmail(id: string): Promise<string> {
  await env.DB.prepare("update users set email_verified_at = 1 where id = ?").bind(id).run();
  return id;
}

export const insertTotp = (id: string) =>
  env.DB.prepare("insert into totps (user_id, secret, created_at, confirmed_at) values (?, 'x', 1, 1)").bind(id).run();

export const createClient = async (world: World, first_party: boolean) =>
  (await administer(world, "createClient", { client_name: "Notes", grant_types: ["client_credentials"], first_party }))
    .value.client_id;

type Act = [method: string, prepare: (id: string, world: World) => Promise<unknown[]>];

const onUser = (method: string, ...args: unknown[]): Act => [method, async (id) => [id, ...args]];

/** The acts on an account. Each changes something of an account that is prepared so. */
export const ACCOUNT_ACTS: Act[] = [
  onUser("updateUser", { first_name: "Jane" }),
  [
    "setVerified",
    async (id, world) => [id, (await administer(world, "listUsers", { query: id })).value.users[0].email, true],
  ],
  onUser("setRoles", ["editor"]),
  onUser("disableUser"),
  ["enableUser", async (id, world) => [id, await administer(world, "disableUser", id)].slice(0, 1)],
  onUser("deleteUser"),
  ["endSessions", async (id) => [id, await insertSession(id)].slice(0, 1)],
  onUser("voidPassword"),
  ["removeFactors", async (id) => [id, await insertTotp(id)].slice(0, 1)],
  [
    "cancelFactorRemoval",
    async (id, world) => [id, await insertTotp(id), await administer(world, "removeFactors", id)].slice(0, 1),
  ],
  ["unlinkIdentity", async (id) => [await verifyEmail(id), await insertIdentity(id)]],
  onUser("sendResetLink"),
  ["revokeApiKey", async (id) => [await insertApiKey(id)]],
];

const insertSession = (id: string) =>
  env.DB.prepare(
    "insert into sessions (id, user_id, amr, generation, created_at, authenticated_at, rotated_at, last_used_at, expires_at) values (?, ?, '[]', 0, 1, 1, 1, 1, 9e15)",
  )
    .bind(crypto.randomUUID(), id)
    .run();

async function insertApiKey(id: string): Promise<string> {
  const key = crypto.randomUUID();
  const insert = "insert into api_keys (id, digest, user_id, name, scopes, created_at) values (?, ?, ?, 'x', '[]', 1)";
  await env.DB.prepare(insert).bind(key, key, id).run();
  return key;
}

/** The other acts. */
export const ACTS: Act[] = [
  ...ACCOUNT_ACTS,
  ["createUser", async () => [{ email: "new@example.com" }]],
  [
    "sendDeadMessage",
    async (id, world) => {
      const link = { kind: "password-reset-link", identifier: { kind: "id", value: id } };
      await world.deliver([link], { queue: "gatehouse-messages-dead" });
      return [(await rows("dead_messages"))[0].id];
    },
  ],
  ["createClient", async () => [{ client_name: "Notes", redirect_uris: ["https://notes.example.com/callback"] }]],
  ["updateClient", async (_, world) => [await createClient(world, false), { client_name: "Todos" }]],
  ["rotateClientSecret", async (_, world) => [await createClient(world, false)]],
  ["deleteClient", async (_, world) => [await createClient(world, false)]],
  [
    "createApiKey",
    async (_, world) => [{ client_id: await createClient(world, false), name: "CI", scopes: ["notes:read"] }],
  ],
];
