import { env } from "cloudflare:workers";
import { getTableColumns, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import { addApp, postTo } from "../support/authenticator.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { addPasskey } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { insertIdentity, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { type createWorld, createWorldWithJane } from "../support/world.ts";

const exportOf = (world: ReturnType<typeof createWorld>, token: string) =>
  world.call("GET", "/users/me/export", { token });

/** Jane with all that an account can have. */
async function janeWithEverything() {
  const { world, jane, login } = await createWorldWithJane(NO_COOLDOWN);
  const post = postTo(world);
  const app = await addApp(post, (await login()).access_token);
  const { access_token: token } = await addPasskey(post, app.access_token);
  await insertIdentity(jane.id);
  await world.post("/auth/forgot-password", { identifier: "janedoe" });
  await world.flush();
  return { world, jane, token };
}

it("a user gets everything that is stored about the account", async () => {
  const { world, jane, token } = await janeWithEverything();
  const { status, json } = await exportOf(world, token);

  expect([status, json.user.id, json.password]).toEqual([200, jane.id, true]);
  expect(json.totps).toEqual([{ created_at: expect.any(String), confirmed_at: expect.any(String) }]);
  expect(json.recovery_codes).toHaveLength(10);
  expect(json.passkeys).toEqual([expect.objectContaining({ name: expect.any(String), backed_up: false })]);
  expect(json.identities).toEqual([expect.objectContaining({ provider: "acme", email: "jane@acme.example" })]);
  expect(json.sessions.length).toBeGreaterThan(1);
  expect(json.codes).toEqual([
    expect.objectContaining({ purpose: "password-reset-link", address: jane.email, spent_at: null }),
  ]);
  expect(json.messages).toHaveLength(1);
  expect(json.events.map(({ type }: { type: string }) => type)).toContain("passkey_added");
});

it("has the failed guesses at the account, what is not sent yet, and the removal of its factors", async () => {
  const { world, jane, token } = await janeWithEverything();
  const wrong = { identifier: "janedoe", password: "wrong-horse-7" };
  await world.post("/auth/login", wrong, { "cf-connecting-ip": "198.51.100.7" });
  await administer(world, "removeFactors", jane.id);

  const guess = { failures: 1, first_failed_at: expect.any(String), last_failed_at: expect.any(String) };
  const { json } = await exportOf(world, token);
  expect(json.lockouts).toEqual([
    { source: null, ...guess, locked_until: null },
    { source: "network/198.51.100.7", ...guess, locked_until: null },
  ]);
  expect(json.notices).toContainEqual(
    expect.objectContaining({ kind: "factor-removal-requested", recipient: jane.email, repeated_at: null }),
  );
  expect(json.factor_removals).toEqual([{ requested_at: expect.any(String), due_at: expect.any(String) }]);

  await env.DB.exec(`update lockouts set locked_until = ${Number.MAX_SAFE_INTEGER}`);
  const [locked] = (await exportOf(world, token)).json.lockouts;
  expect(locked.locked_until).toBe("9999-12-31T23:59:59.999Z");
});

it("an export has no secret, and no digest of one", async () => {
  const { world, token } = await janeWithEverything();
  const { text } = await exportOf(world, token);
  const secrets = await Promise.all([
    rows("passwords").then((list) => list.map(({ hash }) => hash)),
    rows("totps").then((list) => list.map(({ secret }) => secret)),
    rows("recovery_codes").then((list) => list.map(({ digest }) => digest)),
    rows("passkeys").then((list) => list.map(({ public_key }) => public_key)),
    rows("one_time_secrets").then((list) => list.map(({ digest }) => digest)),
  ]);

  expect(secrets.map(({ length }) => length > 0)).toEqual([true, true, true, true, true]);
  expect(secrets.flat().filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([]);
});

it("an export has nothing of other users", async () => {
  const { world, jane } = await janeWithEverything();
  await world.post("/auth/login", { identifier: "janedoe", password: "wrong-horse-7" });
  await administer(world, "removeFactors", jane.id);
  const bob = { email: "bob@example.com", password: PASSWORD };
  await world.post("/auth/register", bob);
  const { access_token } = (await world.post("/auth/login", bob)).json;
  const { json } = await exportOf(world, access_token);

  expect(json).toMatchObject({ user: { email: bob.email }, totps: [], recovery_codes: [], passkeys: [] });
  expect(json).toMatchObject({ identities: [], codes: [], notices: [], lockouts: [], factor_removals: [] });
  expect([json.sessions.length, JSON.stringify(json).includes("jane")]).toEqual([1, false]);
});

it("an export is refused once the session has ended", async () => {
  const { world, login } = await createWorldWithJane();
  const { access_token, refresh_token } = await login();
  await world.logout({ refresh_token });

  expect((await exportOf(world, access_token)).status).toBe(401);
});

/** Tables whose rows serve one sign-in of a client, for a minute. */
const UNDER_WAY = ["oauth_codes"];
/** Their rows name their user by a part of another column. */
const NAMED_OTHERWISE = ["lockouts"];

it("every table with a user is in the export", async () => {
  const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));
  const owned = tables.filter((table) => "userId" in getTableColumns(table)).map((table) => getTableConfig(table).name);
  const names: Record<string, string> = {
    audit_events: "events",
    oauth_grants: "grants",
    one_time_secrets: "codes",
    passwords: "password",
    requested_messages: "messages",
  };
  const { world, login } = await createWorldWithJane();
  const { json } = await exportOf(world, (await login()).access_token);

  const expected = owned.filter((name) => !UNDER_WAY.includes(name)).map((name) => names[name] ?? name);
  expect(Object.keys(json).sort()).toEqual(["user", ...NAMED_OTHERWISE, ...expected].sort());
});
