import { env } from "cloudflare:workers";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { verifyEmails } from "../support/rows.ts";
import { administer, call as rpc } from "../support/rpc.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

/**
 * A scan of a subquery's result is fine: the subquery is planned on a line of its own. So is one of
 * the indexes of rows without a sequence, which are few.
 */
const TABLE_SCAN = /\bSCAN (?!json_each|CONSTANT ROW|\(subquery|numbered|\w+ USING INDEX \w+_unnumbered)/;

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));

it("the migrations create the declared schema", async () => {
  for (const table of tables) {
    const { name, columns, indexes } = getTableConfig(table);
    const { results } = await env.DB.prepare('select name, type, "notnull" as required from pragma_table_info(?)')
      .bind(name)
      .all<{ name: string; type: string; required: number }>();

    const toSnake = (text: string) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const expected = columns.map((column) => [toSnake(column.name), Number(column.notNull)]);
    expect(results.map((row) => [row.name, row.required]).sort()).toEqual(expected.sort());

    const made = await env.DB.prepare("select name from pragma_index_list(?) where origin = 'c'").bind(name).all();
    expect(made.results.length).toBe(indexes.length + columns.filter((column) => column.isUnique).length);
  }
});

it("the migrations create no rows", async () => {
  for (const table of tables) {
    expect(await env.DB.prepare(`select count(*) as n from ${getTableConfig(table).name}`).first("n")).toBe(0);
  }
});

it("no statement scans a table", async () => {
  const statements = new Set<string>();
  const recording = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => target.prepare(statements.add(sql) && sql);
      return Reflect.get(target, name).bind(target);
    },
  });
  const { world, login } = await createWorldWithJane({ DB: recording });
  await world.post("/auth/register", { email: "jane.doe@example.com", username: "janedoe", password: PASSWORD });
  for (const identifier of ["jane.doe@example.com", "+12025550123", "nobody"]) {
    await logIn(world, identifier);
  }
  const { access_token: token, refresh_token } = await login();
  const call = (method: string, path: string, body?: object) => world.call(method, path, { token, body });
  await world.me(token);
  await world.refresh(refresh_token);
  for (const scope of ["others", "global", "local"] as const) {
    await world.logout({ refresh_token: (await login()).refresh_token, scope });
  }
  await call("GET", "/users/me/sessions");
  await call("DELETE", "/users/me/sessions/x");
  await call("GET", "/users/me/events");
  await call("GET", "/users/me/events?group=changes");
  await world.schedule();
  await createWorld({ DB: recording, SCRYPT_PARAMS: "ln=13,r=8,p=10" }).post("/auth/login", {
    identifier: "janedoe",
    password: PASSWORD,
  });
  let last = (await login()).access_token;
  const change = async (method: string, path: string, body: object) => {
    const answer = await world.call(method, path, { token: last, body });
    if (answer.json?.access_token) last = answer.json.access_token;
    return answer;
  };
  await change("PATCH", "/users/me", { username: "jane", contact: "phone" });
  await change("PATCH", "/users/me", { first_name: "Jane" });
  await change("DELETE", "/users/me", { password: WRONG_PASSWORD });
  await change("POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD });
  await env.DB.exec("insert into denylist_outbox (session_id, revoked_at, expires_at) values ('sid', 0, 0)");
  await world.schedule();
  await recover(recording);
  await administrate(world);
  expect((await change("DELETE", "/users/me", { password: FRESH_PASSWORD })).status).toBe(204);

  expect(statements.size).toBeGreaterThanOrEqual(80);
  for (const sql of statements) {
    const plan = await env.DB.prepare(`explain query plan ${sql.replaceAll(/\?\d*/g, "'x'")}`).all<{
      detail: string;
    }>();
    const scans = plan.results.map(({ detail }) => detail).filter((detail) => TABLE_SCAN.test(detail));
    expect(scans, sql).toEqual([]);
    if (sql.includes("audit_events")) expect(JSON.stringify(plan.results)).toContain("INDEX audit_events_");
  }
});

/** Does everything that links and codes can do, to another account. */
async function recover(DB: D1Database) {
  await outbox.clear();
  const john = { email: "john@example.com", phone: "+12025550177", username: "john" };
  const world = createWorld({ ...NO_COOLDOWN, DB });
  await world.post("/auth/register", { ...john, password: PASSWORD });
  const { json: tokens } = await world.post("/auth/login", { identifier: "john", password: PASSWORD });
  const as = async (path: string, body: object) => {
    const answer = await world.call("POST", path, { token: tokens.access_token, body });
    if (answer.json?.access_token) Object.assign(tokens, answer.json);
    return answer;
  };
  const new_password = FRESH_PASSWORD;

  for (const [path, body, use] of [
    ["/users/me/phone", { phone: "+12025550144", password: PASSWORD }, "/users/me/phone/confirm"],
    ["/users/me/email", { email: "new@example.com", password: PASSWORD }, "/users/me/email/confirm"],
  ] as const) {
    await as(path, body);
    await world.flush();
    expect((await as(use, { otp: (await outbox.last()).code })).status).toBe(200);
  }
  for (const identifier of ["john", "new@example.com", "+12025550144"]) {
    await world.post("/auth/request-reset", { identifier });
    await world.post("/auth/verify/resend", { identifier });
    await world.flush();
    const otp = (await outbox.last()).code;
    await world.post("/auth/verify", { identifier, otp });
    await world.post("/auth/verify-reset", { identifier, otp, new_password });
  }
  await world.deliver([{ kind: "address-taken", identifier: { kind: "phone", value: "+12025550144" } }]);
  await verifyEmails();
  await world.post("/auth/forgot-password", { identifier: "john" });
  await world.flush();
  const token = (await outbox.all()).map((message) => message.token).find(Boolean)!;
  expect((await world.post("/auth/reset-password", { token, new_password })).status).toBe(204);
}

/** Does everything that only other Workers can do. */
async function administrate(world: { env: Env }) {
  const { value } = await rpc(world, "register", { email: "john@example.com", password: PASSWORD });
  await administer(world, "listUsers", { query: "john" });
  await administer(world, "listUsers", {});
  await rpc(world, "getUsers", [value.id]);
  await rpc(world, "revokeSession", "sid");
  await rpc(world, "revocations");
  await administer(world, "setRoles", value.id, ["editor"]);
  await administer(world, "listIdentities", value.id);
  await administer(world, "unlinkIdentity", value.id, "identity");
  for (const method of ["disableUser", "enableUser", "endSessions", "voidPassword", "sendResetLink", "deleteUser"]) {
    await administer(world, method, value.id);
  }
  await administer(world, "listEvents", { id: value.id });
  await administer(world, "listAllEvents");
  await env.DB.exec("insert into dead_messages values ('dead', '{}', 0)");
  await administer(world, "listDeadMessages");
  await administer(world, "sendDeadMessage", "dead");
}
