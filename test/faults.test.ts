import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aroundCalls, aroundD1, OPEN_LIMITER, overlay } from "./support/bindings.ts";
import { NO_COOLDOWN } from "./support/outbox.ts";
import { ROUTES } from "./support/routes.ts";
import { deleteUsers } from "./support/rows.ts";
import { perform, prepare, type Scenario } from "./support/scenarios.ts";
import { onCopies } from "./support/spare-databases.ts";
import { type Answer, createWorld, dumpTables, type Tables } from "./support/world.ts";

/**
 * The behavior of a binding in its n-th call: fails before its effect, fails after it, or succeeds
 * late.
 */
type Fault = "throws" | "throws after commit" | "hangs 0.1 s" | "hangs 5 s";
const HANG_MILLISECONDS = { "hangs 0.1 s": 100, "hangs 5 s": 5000 };

const LIMITERS = [
  "RATE_LIMIT_CREDENTIALS",
  "RATE_LIMIT_MESSAGES",
  "RATE_LIMIT_REGISTRATION",
  "RATE_LIMIT_SESSIONS",
] as const;
const BINDINGS = ["DB", "DENYLIST", "MESSAGES", "ASSETS", ...LIMITERS] as const;
type Binding = (typeof BINDINGS)[number];

interface Failing {
  binding: Binding;
  n: number;
  fault: Fault;
}

/** The number of calls of each binding. */
type Calls = Record<Binding, number>;

const MAX_ANSWER_MILLISECONDS = 10_000;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

/** A world in which one call fails, with the number of calls of each binding. */
function failingWorld(database: D1Database, failing?: Failing) {
  const calls = Object.fromEntries(BINDINGS.map((binding) => [binding, 0])) as Calls;
  const around =
    (binding: Binding) =>
    async <T>(call: () => Promise<T>): Promise<T> => {
      calls[binding]++;
      if (failing?.binding !== binding || failing.n !== calls[binding]) return call();
      if (failing.fault in HANG_MILLISECONDS) {
        await scheduler.wait(HANG_MILLISECONDS[failing.fault as keyof typeof HANG_MILLISECONDS]);
        return call();
      }
      if (failing.fault === "throws after commit") await call();
      throw new Error(`${binding} is down`);
    };
  const world = createWorld({
    ...NO_COOLDOWN,
    DB: aroundD1(database, around("DB")),
    DENYLIST: aroundCalls(env.DENYLIST, around("DENYLIST")),
    ASSETS: overlay(env.ASSETS, {
      // A text is a file that the Worker reads for itself, a request one that it only serves.
      fetch: (file: string | Request, init?: RequestInit) =>
        typeof file === "string" ? around("ASSETS")(() => env.ASSETS.fetch(file, init)) : env.ASSETS.fetch(file, init),
    }),
    MESSAGES: aroundCalls({ send: async () => {} } as unknown as Queue, around("MESSAGES")),
    ...Object.fromEntries(LIMITERS.map((limiter) => [limiter, aroundCalls(OPEN_LIMITER, around(limiter))])),
  });
  return { world, calls };
}

const codeOf = ({ status, json }: Answer) => (json?.code ? `${status} ${json.code}` : `${status}`);

interface Case {
  name: string;
  failing: Failing;
  scenario: Scenario;
  /** The tables before the request. */
  tables: Tables;
  /** The shape of the tables after the request without faults. */
  end: string;
}

/** Each fault in each call that this route's request makes to each binding. */
async function casesOf(route: string, faults: readonly Fault[]): Promise<Case[]> {
  const { scenario } = await prepare(route);
  const tables = await dumpTables();
  const faultless = failingWorld(env.DB);
  expect((await perform(faultless.world, scenario)).status).toBe(scenario.status);
  const end = shapeOf(tables, await dumpTables());

  const calls = BINDINGS.flatMap((binding) =>
    Array.from({ length: faultless.calls[binding] }, (_, n) => ({ binding, n: n + 1 })),
  );
  return calls.flatMap((call) =>
    faults.map((fault) => ({
      name: `${route}, ${call.binding} call ${call.n} ${fault}`,
      failing: { ...call, fault },
      scenario,
      tables,
      end,
    })),
  );
}

/** Compares the request in which a call fails with the one without faults. */
async function outcomeOf({ name, failing, scenario, tables, end }: Case, database: D1Database): Promise<string> {
  const startedAt = performance.now();
  const answer = await perform(failingWorld(database, failing).world, scenario);

  expect(performance.now() - startedAt, name).toBeLessThan(MAX_ANSWER_MILLISECONDS);
  if (answer.status === scenario.status) {
    expect(shapeOf(tables, await dumpTables(database)), `${name}: success without its effect`).toBe(end);
    return `${name} → ${codeOf(answer)}`;
  }
  expectUnavailable(answer, scenario, name);

  // A retry succeeds, or its answer says that the first attempt did everything.
  const again = await perform(failingWorld(database).world, scenario);
  if (again.status >= 400)
    expect(shapeOf(tables, await dumpTables(database), true), `${name}: half done`).toBe(withoutTries(end));
  expect(again.status, name).toBeLessThan(500);
  return `${name} → ${codeOf(answer)}, again → ${codeOf(again)}`;
}

/**
 * The form of a page may be shown again, a client gets an OAuth error, and everything else answers
 * a problem.
 */
function expectUnavailable(answer: Answer, { form, path }: Scenario, what: string) {
  const type = answer.headers.get("content-type");
  if (form && type?.startsWith("text/html")) return expect(answer.status, what).toBe(503);
  expect(["503 storage_unavailable", "503 messages_unavailable"], what).toContain(codeOf(answer));
  const isClient = /^\/oauth\/(token|revoke|introspect|userinfo|device_authorization)/.test(path);
  expect(type).toBe(isClient ? "application/json" : "application/problem+json");
}

/** Tables that count attempts, successful or not. */
const TRIES = ["audit_events", "lockouts"];

/**
 * Describes the tables as far as two runs agree: old values by themselves, new ones by their type.
 */
function shapeOf(before: Tables, after: Tables, isWithoutTries = false): string {
  const known = new Set(Object.values(before).flatMap((rows) => rows.flatMap((row) => Object.values(row))));
  const cell = (value: unknown) => (known.has(value) || value === null ? value : `new ${typeof value}`);
  const shape = Object.entries(after).map(([table, rows]) => [
    table,
    rows.map((row) => JSON.stringify(shownOf(table, row).map(([column, value]) => [column, cell(value)]))).sort(),
  ]);
  const shown = JSON.stringify(shape);
  return isWithoutTries ? withoutTries(shown) : shown;
}

/** The use of an API key is written after the answer, and may fail. */
const shownOf = (table: string, row: object) =>
  Object.entries(row).filter(([column]) => table !== "api_keys" || column !== "last_used_at");

const withoutTries = (shape: string) =>
  JSON.stringify(JSON.parse(shape).filter(([table]: [string]) => !TRIES.includes(table)));

async function tryAll(cases: Case[]) {
  const outcomes = await onCopies(cases, outcomeOf);
  if (outcomes.length > 0) console.info(outcomes.join("\n"));
}

describe("a fault in any call of any binding", () => {
  it.each(Object.keys(ROUTES))(
    "leaves %s done or undone, never half done, and answers 503 if undone",
    async (route) => {
      await tryAll(await casesOf(route, ["throws", "throws after commit", "hangs 0.1 s"]));
    },
  );

  it("delays an answer to less than ten seconds if it is a hang of five", async () => {
    const cases: Case[] = [];
    for (const route of ["POST /auth/login", "POST /auth/forgot-password", "GET /users/me", "POST /auth/logout"]) {
      cases.push(...(await casesOf(route, ["hangs 5 s"])));
      await deleteUsers();
    }

    await tryAll(cases);
  });
});
