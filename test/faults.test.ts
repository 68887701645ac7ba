import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aroundCalls, aroundD1 } from "./support/bindings.ts";
import { documentedRoutes } from "./support/openapi.ts";
import { script } from "./support/outbox.ts";
import { act, prepare, SCENARIO_ROUTES, SCENARIO_SETTINGS, type Scenario } from "./support/scenarios.ts";
import { type Answer, createWorld, dumpTables, restoreTables } from "./support/world.ts";

/** What a binding does at its n-th call: fails before anything is done, fails when all is done, or takes its time. */
type Fault = "throws" | "throws after commit" | "hangs 0.1 s" | "hangs 5 s";
const HANG_MILLISECONDS = { "hangs 0.1 s": 100, "hangs 5 s": 5000 };

const BINDINGS = [
  "DB",
  "DENYLIST",
  "MESSAGES",
  "RATE_LIMIT_CREDENTIALS",
  "RATE_LIMIT_MESSAGES",
  "RATE_LIMIT_REGISTRATION",
] as const;
type Binding = (typeof BINDINGS)[number];

interface Failing {
  binding: Binding;
  n: number;
  fault: Fault;
}

/** How often each binding was called. */
type Calls = Record<Binding, number>;

const MAX_ANSWER_MILLISECONDS = 10_000;

/** A limiter that lets everything through, however often it is asked here. */
const OPEN = { limit: async () => ({ success: true }) } as unknown as RateLimit;

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await script();
});

/** A world one call of which fails, and how often each binding was called in it. */
function failingWorld(failing?: Failing) {
  const calls: Calls = {
    DB: 0,
    DENYLIST: 0,
    MESSAGES: 0,
    RATE_LIMIT_CREDENTIALS: 0,
    RATE_LIMIT_MESSAGES: 0,
    RATE_LIMIT_REGISTRATION: 0,
  };
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
    ...SCENARIO_SETTINGS,
    DB: aroundD1(env.DB, around("DB")),
    DENYLIST: aroundCalls(env.DENYLIST, around("DENYLIST")),
    MESSAGES: aroundCalls({ send: async () => {} } as unknown as Queue, around("MESSAGES")),
    RATE_LIMIT_CREDENTIALS: aroundCalls(OPEN, around("RATE_LIMIT_CREDENTIALS")),
    RATE_LIMIT_MESSAGES: aroundCalls(OPEN, around("RATE_LIMIT_MESSAGES")),
    RATE_LIMIT_REGISTRATION: aroundCalls(OPEN, around("RATE_LIMIT_REGISTRATION")),
  });
  return { world, calls };
}

const codeOf = ({ status, json }: Answer) => (json?.code ? `${status} ${json.code}` : `${status}`);

/** What each fault of each binding comes to, against what the faultless request does. */
async function outcomesOf(route: string, faults: readonly Fault[]) {
  const { scenario } = await prepare(route);
  const start = await dumpTables();
  const faultless = failingWorld();
  expect((await act(faultless.world, scenario)).status).toBe(scenario.status);
  const end = shapeOf(start, await dumpTables());

  const outcomes: string[] = [];
  for (const binding of BINDINGS) {
    for (let n = 1; n <= faultless.calls[binding]; n++) {
      for (const fault of faults) {
        await restoreTables(start);
        outcomes.push(await outcomeOf({ binding, n, fault }, scenario, start, end));
      }
    }
  }
  return outcomes;
}

type Tables = Awaited<ReturnType<typeof dumpTables>>;

async function outcomeOf(failing: Failing, scenario: Scenario, start: Tables, end: string): Promise<string> {
  const startedAt = performance.now();
  const answer = await act(failingWorld(failing).world, scenario);
  const what = `${failing.binding} call ${failing.n} ${failing.fault}`;

  expect(performance.now() - startedAt, what).toBeLessThan(MAX_ANSWER_MILLISECONDS);
  if (answer.status === scenario.status) {
    expect(shapeOf(start, await dumpTables()), `${what}: a success that is none`).toBe(end);
    return `${what} → ${codeOf(answer)}`;
  }
  expect(["503 storage_unavailable", "503 messages_unavailable"], what).toContain(codeOf(answer));
  expect(answer.headers.get("content-type")).toBe("application/problem+json");

  // Whoever tries again gets there, or is told that all was done the first time.
  const again = await act(failingWorld().world, scenario);
  if (again.status >= 400)
    expect(shapeOf(start, await dumpTables(), true), `${what}: half done`).toBe(withoutTries(end));
  expect(again.status, what).toBeLessThan(500);
  return `${what} → ${codeOf(answer)}, again → ${codeOf(again)}`;
}

/** Counts what anybody's try leaves, right or wrong. */
const TRIES = ["audit_events", "lockouts"];

/** The tables as far as two runs can agree: what was there before stands for itself, what is new for its kind. */
function shapeOf(before: Tables, after: Tables, triesApart = false): string {
  const known = new Set(Object.values(before).flatMap((rows) => rows.flatMap((row) => Object.values(row))));
  const cell = (value: unknown) => (known.has(value) || value === null ? value : `new ${typeof value}`);
  const shape = Object.entries(after).map(([table, rows]) => [
    table,
    rows.map((row) => JSON.stringify(Object.entries(row).map(([column, value]) => [column, cell(value)]))).sort(),
  ]);
  const shown = JSON.stringify(shape);
  return triesApart ? withoutTries(shown) : shown;
}

const withoutTries = (shape: string) =>
  JSON.stringify(JSON.parse(shape).filter(([table]: [string]) => !TRIES.includes(table)));

describe("a fault at any binding, in any call", () => {
  it("is tried on every route", () => {
    expect(documentedRoutes.filter((route) => !SCENARIO_ROUTES.includes(route))).toEqual([]);
  });

  it.each(SCENARIO_ROUTES)("of %s leaves nothing half done, and is told as what it is", async (route) => {
    const outcomes = await outcomesOf(route, ["throws", "throws after commit", "hangs 0.1 s"]);

    if (outcomes.length > 0) console.info(`${route}\n  ${outcomes.join("\n  ")}`);
  });

  it.each(["POST /auth/login", "POST /auth/forgot-password", "GET /users/me", "POST /auth/logout"])(
    "of %s is waited for, and answered in time, when it hangs for five seconds",
    async (route) => {
      console.info(`${route}\n  ${(await outcomesOf(route, ["hangs 5 s"])).join("\n  ")}`);
    },
  );
});
