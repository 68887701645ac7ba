// What stands around each Worker that is measured: counts what goes to its bindings, and makes them as far away as asked.
import { aroundCalls, overlay } from "../test/bindings.ts";

/** What one request did, its work after the answer included. */
export interface Cost {
  d1Trips: number;
  d1Statements: number;
  /** What the database took, to the millisecond. */
  d1Milliseconds: number;
  rowsRead: number;
  rowsWritten: number;
  kv: number;
  queue: number;
}

/** A Worker that can be measured. */
export interface Measurable<Env extends object> {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response>;
  queue?: (batch: MessageBatch, env: Env, context: ExecutionContext) => unknown;
  /** Makes the tables, where no migrations do. */
  setup?: (env: Env) => Promise<unknown>;
}

/** The bindings to watch, by name. */
interface Watched {
  d1?: string;
  kv?: string;
  queue?: string;
}

/** How far away the bindings are, there and back, in milliseconds. */
export interface Distance {
  d1: number;
  kv: number;
}

type Bindings = Record<string, unknown>;

export const NOTHING: Cost = {
  d1Trips: 0,
  d1Statements: 0,
  d1Milliseconds: 0,
  rowsRead: 0,
  rowsWritten: 0,
  kv: 0,
  queue: 0,
};

/** Of the request that is measured: one at a time. */
let cost: Cost = { ...NOTHING };
let distance: Distance = { d1: 0, kv: 0 };

/** Measures nothing unless asked by `x-bench`: without it the Worker is what it is. */
export function instrument<Env extends object>(subject: Measurable<Env>, watched: Watched) {
  // What a Worker keeps for its bindings has to outlive a request here too.
  const watchedEnvs = new WeakMap<Env, Env>();

  return {
    ...(subject.queue && { queue: subject.queue.bind(subject) }),

    async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (pathname === "/bench/setup") {
        await subject.setup?.(env);
        return new Response();
      }
      if (pathname === "/bench/sql") return answerSql(request, (env as Bindings)[watched.d1 ?? ""] as D1Database);
      const asked = request.headers.get("x-bench");
      if (asked === null) return subject.fetch(request, env, context);

      const around = watchedEnvs.get(env) ?? watch(env, watched);
      watchedEnvs.set(env, around);
      [cost, distance] = [{ ...NOTHING }, JSON.parse(asked)];
      const late: Promise<unknown>[] = [];
      const waitUntil = (promise: Promise<unknown>) => {
        late.push(promise);
        context.waitUntil(promise);
      };
      const waiting = overlay(context, { waitUntil });
      const answer = await subject.fetch(request, around, waiting);
      const before = { ...cost };
      // What is done after an answer that came from afar keeps nobody waiting.
      const isNear = distance.d1 === 0 && distance.kv === 0;
      for (let n = 0; isNear && n < late.length; n++) await late[n];
      const headers = new Headers(answer.headers);
      headers.set("x-bench-before", JSON.stringify(before));
      headers.set("x-bench-all", JSON.stringify(cost));
      return new Response(answer.body, { status: answer.status, headers });
    },
  };
}

async function answerSql(request: Request, database: D1Database): Promise<Response> {
  const results = await database.batch((await request.json<string[]>()).map((sql) => database.prepare(sql)));
  return Response.json(results.map(({ results: rows, meta }) => ({ rows, meta })));
}

function watch<Env extends object>(env: Env, { d1, kv, queue }: Watched): Env {
  const bindings = env as Bindings;
  return {
    ...env,
    ...(d1 && { [d1]: watchD1(bindings[d1] as D1Database) }),
    ...(kv && { [kv]: watchCalls(bindings[kv] as object, "kv") }),
    ...(queue && { [queue]: watchCalls(bindings[queue] as object, "queue") }),
  };
}

const watchCalls = <T extends object>(binding: T, name: "kv" | "queue"): T =>
  aroundCalls(binding, async (call) => {
    cost[name]++;
    if (name === "kv") await away(distance.kv);
    return call();
  });

const away = (milliseconds: number) => (milliseconds > 0 ? scheduler.wait(milliseconds) : undefined);

const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

function watchD1(database: D1Database): D1Database {
  return overlay(database, {
    prepare: (sql: string) => watchStatement(database.prepare(sql), sql),
    batch: (statements: D1PreparedStatement[]) =>
      trip(statements.length, async () => {
        const results = await database.batch(statements.map((statement) => inner.get(statement) ?? statement));
        meter(results);
        return results;
      }),
    withSession: (constraint?: string) => watchD1(database.withSession(constraint) as unknown as D1Database),
  });
}

async function trip<T>(statements: number, call: () => Promise<T>): Promise<T> {
  cost.d1Trips++;
  cost.d1Statements += statements;
  await away(distance.d1);
  const startedAt = performance.now();
  const result = await call();
  cost.d1Milliseconds += performance.now() - startedAt;
  return result;
}

function meter(results: { meta?: D1Meta }[]) {
  for (const { meta } of results) {
    cost.rowsRead += meta?.rows_read ?? 0;
    cost.rowsWritten += meta?.rows_written ?? 0;
  }
}

function watchStatement(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
  const counted = async (name: "all" | "run") => {
    const result = await statement[name]();
    meter([result]);
    return result;
  };
  // These two answer no count: a query is made once more for it, a change cannot be.
  const uncounted = async <T>(call: () => Promise<T>): Promise<T> => {
    const answer = await trip(1, call);
    // Afterwards, so that what is timed is not what has just been read.
    if (distance.d1 === 0 && /^\s*select/i.test(sql)) await counted("all");
    return answer;
  };
  const watched = overlay(statement, {
    bind: (...values: unknown[]) => watchStatement(statement.bind(...values), sql),
    all: () => trip(1, () => counted("all")),
    run: () => trip(1, () => counted("run")),
    first: (...args: []) => uncounted(() => statement.first(...args)),
    raw: (...args: []) => uncounted(() => statement.raw(...args)),
  });
  inner.set(watched, statement);
  return watched;
}
