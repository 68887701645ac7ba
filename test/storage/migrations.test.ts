import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashPassword } from "../../src/crypto/password.ts";
import { reset } from "../support/migrate.ts";
import { createWorld, PASSWORD } from "../support/world.ts";

const { MIGRATIONS } = env as Env & { MIGRATIONS: D1Migration[] };
const before = (name: string) => MIGRATIONS.filter((migration) => migration.name < name);

beforeEach(async () => {
  await reset();
});

// The next test migrates from nothing.
afterEach(async () => {
  await reset();
});

it("keeps accounts, passwords and sessions of a database with users in it", async () => {
  await applyD1Migrations(env.DB, before("0008"));
  const hash = hashPassword(PASSWORD, { ln: 1, r: 1, p: 1 }, "node");
  const nobody = `$scrypt$ln=14,r=8,p=5$${"A".repeat(22)}$${"A".repeat(43)}`;
  const id = crypto.randomUUID();
  const user = "insert into users (id, email, password_hash, password_version, created_at, updated_at, roles)";
  const session = "insert into sessions (id, user_id, created_at, last_used_at, expires_at)";
  const event = "insert into audit_events (type, created_at, user_id)";
  const message = "insert into requested_messages (id, user_id, recipient, kind, calling_code, created_at)";
  const bind = (sql: string, ...values: unknown[]) =>
    env.DB.prepare(`${sql} values (${values.map(() => "?").join()})`).bind(...values);
  await env.DB.batch([
    bind(user, id, "jane@example.com", hash, 3, 1, 1, '["editor"]'),
    bind(user, "invited", "invited@example.com", nobody, 0, 1, 1, "[]"),
    bind(session, "old-session", id, 1_000_000, 1, Date.now() + 60_000),
    bind(event, "code_presented", 1, id),
    bind(event, "logged_in", 1, id),
    bind(message, "m1", id, "+12025550123", "own", "1", 1),
    bind(message, "m2", id, "new@example.com", "claim", null, 1),
    bind("insert into throttles", "somebody", 5, 1, Date.now() + 60_000),
  ]);

  await applyD1Migrations(env.DB, MIGRATIONS);

  const login = await createWorld().post("/auth/login", { email: "jane@example.com", password: PASSWORD });
  expect([login.status, decodeJwt<{ roles: string[] }>(login.json.access_token).roles]).toEqual([200, ["editor"]]);
  const all = async (sql: string) => (await env.DB.prepare(sql).all()).results;
  expect(await all("select user_id, hash from passwords")).toEqual([{ user_id: id, hash }]);
  expect(await all("select credential_version from users order by email")).toEqual([
    { credential_version: 0 },
    { credential_version: 3 },
  ]);
  expect(
    await all("select amr, authenticated_at, client_id, scope, resource from sessions where id = 'old-session'"),
  ).toEqual([{ amr: '["pwd"]', authenticated_at: 1_000_000, client_id: null, scope: null, resource: null }]);
  expect(await all("select type from audit_events where created_at = 1 order by type")).toEqual([
    { type: "logged_in" },
    { type: "otp_attempted" },
  ]);
  // A text still counts against the limit of the day.
  expect(await all("select budget, requested_by, country, proven from requested_messages order by id")).toEqual([
    { budget: "codes", requested_by: "anyone", country: "1", proven: 0 },
    { budget: "address_claims", requested_by: "anyone", country: null, proven: 0 },
  ]);
  expect(await all("select subject, failures from lockouts")).toEqual([{ subject: "somebody", failures: 5 }]);
});
