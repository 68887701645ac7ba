import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { addApp, appCode, postTo } from "./support/authenticator.ts";
import { reset } from "./support/migrate.ts";
import { NO_COOLDOWN, outbox } from "./support/outbox.ts";
import { PAGE_ROUTES } from "./support/page-routes.ts";
import { FRESH_PASSWORD, PASSWORD } from "./support/passwords.ts";
import { JANE } from "./support/people.ts";
import { ROUTES, routeOf } from "./support/routes.ts";
import { perform, prepare } from "./support/scenarios.ts";
import { createWorld, createWorldWithJane, ISSUER, JSON_TYPE } from "./support/world.ts";

interface Release extends Fetcher {
  /** Takes the messages that it queued. */
  take(): Promise<unknown[]>;
  /** Delivers messages. Returns those that stay in the queue. */
  deliver(bodies: unknown[]): Promise<unknown[]>;
  schedule(): Promise<void>;
}

const { PREVIOUS_RELEASE, MIGRATIONS, LAST_RELEASED_MIGRATION, SPARE_DB_0 } = env as Env & {
  PREVIOUS_RELEASE: Release;
  MIGRATIONS: D1Migration[];
  LAST_RELEASED_MIGRATION: string;
  SPARE_DB_0: D1Database;
};
const RELEASED_MIGRATIONS = MIGRATIONS.filter(({ name }) => name <= LAST_RELEASED_MIGRATION);

/** The previous release, with the acts of a world that a story needs. */
const previous = {
  async call(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
    const answer = await PREVIOUS_RELEASE.fetch(ISSUER + path, {
      method,
      headers: { ...JSON_TYPE, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
    return { status: answer.status, json: (text && JSON.parse(text)) as any };
  },
  post: (path: string, body: unknown) => previous.call("POST", path, { body }),
  me: (token: string) => previous.call("GET", "/users/me", { token }),
  refresh: (refresh_token: string) => previous.post("/auth/refresh", { refresh_token }),
  async flush() {
    expect(await PREVIOUS_RELEASE.deliver(await PREVIOUS_RELEASE.take())).toEqual([]);
  },
};

const LOGIN = { identifier: JANE.username, password: PASSWORD };
const FORGOT = ["/auth/forgot-password", { identifier: JANE.username }] as const;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

describe("the previous release on the tables of this version", () => {
  it("registers, signs in, refreshes, resets the password, signs out and deletes the account", async () => {
    expect((await previous.post("/auth/register", { ...JANE, password: PASSWORD })).status).toBe(201);
    await previous.flush();
    expect(
      (await previous.post("/auth/verify", { identifier: JANE.email, otp: (await outbox.last()).code })).status,
    ).toBe(204);
    const { json: first } = await previous.post("/auth/login", LOGIN);
    const { json: next } = await previous.refresh(first.refresh_token);
    expect((await previous.me(next.access_token)).json).toMatchObject({ ...JANE, email_verified: true });

    await previous.post(...FORGOT);
    await previous.flush();
    const { token } = await outbox.last();
    const reset = { token, new_password: FRESH_PASSWORD };
    expect([
      (await previous.post("/auth/reset-password", reset)).status,
      (await previous.post("/auth/reset-password", reset)).status,
      (await previous.refresh(next.refresh_token)).status,
      (await previous.post("/auth/login", LOGIN)).status,
    ]).toEqual([204, 400, 401, 401]);

    const { json: last } = await previous.post("/auth/login", { ...LOGIN, password: FRESH_PASSWORD });
    const { refresh_token } = last;
    expect((await previous.post("/auth/logout", { refresh_token })).status).toBe(204);
    expect((await previous.me(last.access_token)).status).toBe(401);
    await previous.flush();
    await PREVIOUS_RELEASE.schedule();

    const { json: again } = await previous.post("/auth/login", { ...LOGIN, password: FRESH_PASSWORD });
    const body = { password: FRESH_PASSWORD };
    expect((await previous.call("DELETE", "/users/me", { token: again.access_token, body })).status).toBe(204);
    await previous.flush();
    expect((await previous.call("GET", "/health/ready")).json).toMatchObject({ migration: MIGRATIONS.at(-1)?.name });
  });
});

describe("an update and a rollback", () => {
  it("keep accounts, sessions, second factors, mailed links and queued messages", async () => {
    const world = createWorld(NO_COOLDOWN);
    await previous.post("/auth/register", { ...JANE, password: PASSWORD });
    const { json: first } = await previous.post("/auth/login", LOGIN);
    await previous.post(...FORGOT);

    // The update. What the previous release queued is delivered now.
    const { json: second } = await world.refresh(first.refresh_token);
    expect((await world.me(first.access_token)).json).toMatchObject(JANE);
    await world.deliver(await PREVIOUS_RELEASE.take());
    const { token } = await outbox.last();
    const app = await addApp(postTo(world), second.access_token);
    await world.post(...FORGOT);

    // The rollback.
    expect((await previous.refresh(second.refresh_token)).status).toBe(401);
    expect((await previous.me(app.access_token)).json).toMatchObject(JANE);
    const { json: third } = await previous.refresh(app.refresh_token);
    expect(await PREVIOUS_RELEASE.deliver(world.sent.splice(0))).toEqual([]);
    const links = (await outbox.all()).filter((mail) => mail.token !== "");
    expect(links.map((mail) => mail.token)).toEqual([token, expect.any(String)]);
    const { json: refused } = await previous.post("/auth/login", LOGIN);
    expect(refused.code).toBe("second_factor_required");
    const proof = { login_token: refused.login_token, code: appCode(app.secret, 1) };
    const { json: fourth } = await previous.post("/auth/login/second-factor", proof);
    expect((await previous.post("/auth/logout", { refresh_token: third.refresh_token })).status).toBe(204);

    // The update, again.
    expect((await world.me(third.access_token)).status).toBe(401);
    expect((await world.refresh(fourth.refresh_token)).status).toBe(200);
    expect((await world.refresh(third.refresh_token)).status).toBe(401);
    const change = { token: links[1]?.token, new_password: FRESH_PASSWORD };
    expect((await world.post("/auth/reset-password", change)).status).toBe(204);
    expect((await previous.post("/auth/login", LOGIN)).status).toBe(401);
    await world.schedule();
  });
});

type Rows = Record<string, unknown>[];

/** Returns every row of a database, by table. */
async function dump(database: D1Database): Promise<Record<string, Rows>> {
  const { results } = await database
    .prepare("select name from sqlite_master where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*'")
    .all<{ name: string }>();
  const dumps = await database.batch<Rows[number]>(
    results.map(({ name }) => database.prepare(`select * from ${name}`)),
  );
  return Object.fromEntries(results.map(({ name }, n) => [name, dumps[n]?.results ?? []]));
}

/** Copies the rows that the tables of the previous release can hold to a database of its own. */
async function copyToOldTables() {
  const { d1_migrations: _, ...target } = await dump(SPARE_DB_0);
  const source = await dump(env.DB);
  const columnsOf = async (table: string) =>
    (await SPARE_DB_0.prepare(`select name from pragma_table_info(?)`).bind(table).all<{ name: string }>()).results.map(
      ({ name }) => name,
    );
  const copies = await Promise.all(
    Object.keys(target).map(async (table) => {
      const columns = await columnsOf(table);
      const insert = SPARE_DB_0.prepare(
        `insert into ${table} (${columns.join()}) values (${columns.map(() => "?").join()})`,
      );
      return (source[table] ?? []).map((row) => insert.bind(...columns.map((column) => row[column])));
    }),
  );
  await SPARE_DB_0.batch([
    SPARE_DB_0.prepare("pragma defer_foreign_keys = on"),
    ...Object.keys(target).map((table) => SPARE_DB_0.prepare(`delete from ${table}`)),
    ...copies.flat(),
  ]);
}

/** What may change although a request fails: counted attempts and their events. */
const withoutTries = ({ audit_events: _, lockouts: __, ...tables }: Record<string, Rows>) => ({
  ...tables,
  one_time_secrets: tables["one_time_secrets"]?.map(({ attempts: _, last_attempt_at: __, ...row }) => row),
});

const NOT_MIGRATED = ["database_not_migrated", "not_ready"];

describe("this version on the tables of the previous release", () => {
  beforeAll(async () => {
    await reset();
    await applyD1Migrations(SPARE_DB_0, RELEASED_MIGRATIONS);
  });
  afterAll(reset);

  // The pages do what these do.
  const routes = Object.keys(ROUTES).filter((name) => !(name in PAGE_ROUTES) && routeOf(name).cost.d1);

  it.each(routes)("answers %s, or says what is missing and changes nothing", async (route) => {
    const { scenario } = await prepare(route);
    await copyToOldTables();
    const before = withoutTries(await dump(SPARE_DB_0));

    const answer = await perform(createWorld({ ...NO_COOLDOWN, DB: SPARE_DB_0 }), scenario);

    if (answer.status === scenario.status) return;
    expect([answer.status, NOT_MIGRATED]).toEqual([503, expect.arrayContaining([answer.json.code])]);
    expect(withoutTries(await dump(SPARE_DB_0))).toEqual(before);
  });

  it("loses no message and no account, and completes both after the migrations", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await world.post(...FORGOT);
    await copyToOldTables();
    const early = createWorld({ ...NO_COOLDOWN, DB: SPARE_DB_0 });
    const { users } = await dump(SPARE_DB_0);

    const { acked, retried } = await early.deliver(world.sent);
    await early.schedule().catch(() => {});

    expect(acked.length + retried.length).toBe(1);
    expect(await outbox.all()).toHaveLength(acked.length);
    expect((await dump(SPARE_DB_0))["users"]).toEqual(users);
    await applyD1Migrations(SPARE_DB_0, MIGRATIONS);
    const late = createWorld({ ...NO_COOLDOWN, DB: SPARE_DB_0 });
    if (retried.length > 0) await late.deliver(world.sent);
    await late.schedule();
    const { token } = await outbox.only();
    expect((await late.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD })).status).toBe(204);
  });
});
