import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import worker from "../../src/index.ts";
import { failingD1 } from "../support/bindings.ts";
import { reset } from "../support/migrate.ts";
import { MAIL, SMS } from "../support/outbox.ts";
import { atOnce } from "../support/race.ts";
import { createWorld, stopClock } from "../support/world.ts";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

const READY = "/health/ready";
const START = Date.UTC(2026, 0, 1);
const FORGET_LAST = "delete from d1_migrations where id = (select max(id) from d1_migrations)";

describe("the readiness of a deployment", () => {
  it("is answered with the last migration and the senders, also to HEAD and under /api/v1", async () => {
    const migration = expect.stringMatching(/^\d{4}_[\w-]+\.sql$/);
    const world = createWorld(MAIL);

    for (const path of [READY, `/api/v1${READY}`]) {
      const { status, json, headers } = await world.get(path);
      expect([status, json]).toEqual([
        200,
        { status: "ready", migration, mail: true, sms: false, pepper: "PEPPER", earlier_peppers: 0 },
      ]);
      expect(headers.get("cache-control")).toBe("no-store");
    }
    const { status, text } = await world.send(READY, { method: "HEAD" });
    expect([status, text]).toEqual([200, ""]);
    expect((await createWorld(SMS).get(READY)).json).toMatchObject({ mail: false, sms: true });
    const development = await createWorld({ ISSUER: "http://localhost:8787" }).get(READY);
    expect(development.json).toMatchObject({ status: "ready", mail: true, sms: true });
  });

  it("takes one trip to the database in ten seconds, however often it is asked for", async () => {
    stopClock(START);
    const world = createWorld(MAIL);
    const ask = async () => {
      for (let n = 0; n < 5; n++) expect((await world.get(READY)).status).toBe(200);
    };

    expect(await world.cost(() => atOnce(5, ask))).toEqual({ d1: 1, kv: 0, queue: 0 });
    stopClock(START + 10_000);
    expect(await world.cost(ask)).toEqual({ d1: 1, kv: 0, queue: 0 });
  });

  it.each([
    ["the last migration is missing", FORGET_LAST, "not_ready", "The last applied migration is 00"],
    ["none was applied", "delete from d1_migrations", "not_ready", "The last applied migration is none"],
    ["none was ever applied", "drop table d1_migrations", "database_not_migrated", "no such table: d1_migrations"],
  ])("is refused with the remedy if %s", async (_, sql, code, reason) => {
    await env.DB.exec(sql);

    onTestFinished(reset);
    const { status, json } = await createWorld(MAIL).get(READY, { "sec-fetch-mode": "navigate" });

    expect([status, json.code]).toEqual([503, code]);
    expect(json.errors).toEqual([{ path: "DB", code: "invalid_setting", message: expect.stringContaining(reason) }]);
    expect(json.errors[0].message).toContain("Run `npm run deploy`");
  });

  it("holds for a database that is newer than the Worker", async () => {
    onTestFinished(reset);
    await env.DB.exec("insert into d1_migrations (name) values ('9999_newer.sql')");

    const { status, json } = await createWorld(MAIL).get(READY);

    expect([status, json.migration]).toEqual([200, "9999_newer.sql"]);
  });

  it("names every missing binding and the missing provider, and no value", async () => {
    const incomplete = { ...env, ...{ DB: undefined, DEAD_MESSAGES: undefined, RATE_LIMIT_SITES: undefined } };

    const request = new Request(`https://auth.test${READY}`) as Parameters<typeof worker.fetch>[0];
    const answer = await worker.fetch(request, incomplete as unknown as Env, createExecutionContext());

    const body = await answer.text();
    expect(answer.status).toBe(503);
    const { errors } = JSON.parse(body) as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(["DB", "DEAD_MESSAGES", "RATE_LIMIT_SITES", "RESEND_API_KEY"]);
    expect(body).not.toContain(env.PEPPER);
  });

  it("is unknown while the database does not respond, and known again after a second", async () => {
    stopClock(START);
    const world = createWorld({ ...MAIL, DB: failingD1(env.DB, 1, "before") });
    const ask = async () => {
      const { status, json } = await world.get(READY);
      return [status, json.code];
    };

    expect(await atOnce(3, ask)).toEqual(Array(3).fill([503, "storage_unavailable"]));
    expect(await world.cost(ask)).toEqual({ d1: 0, kv: 0, queue: 0 });
    stopClock(START + 1000);
    expect(await ask()).toEqual([200, undefined]);
  });
});
