/**
 * A wrapper for a measured Worker. It counts the calls to the bindings, and delays them to simulate
 * a distance. It does not change the Worker's behavior.
 */
import { aroundCalls, aroundD1, overlay, type Prepared } from "../test/support/bindings.ts";

/** The cost of one request, including its work after the response and its queued messages. */
export interface Cost {
  d1Trips: number;
  d1Statements: number;
  /** The time spent in the database, with a resolution of 1 ms. */
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
  /** Creates the tables of a Worker that has no migrations. */
  setup?: (env: Env) => Promise<unknown>;
}

/** The bindings to watch, by name. */
interface Watched {
  d1?: string;
  kv?: string;
  queue?: string;
}

/** The simulated round-trip time to the bindings, in milliseconds. */
export interface Distance {
  d1: number;
  kv: number;
}

export const NEAR: Distance = { d1: 0, kv: 0 };

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

/** The cost of the measured request. Requests are measured one at a time. */
let cost: Cost = { ...NOTHING };
let distance: Distance = NEAR;
/** The number of messages of that request that the consumer still has to handle. */
let messages = 0;
/** Longer than the handling of any message. */
const PATIENCE_MILLISECONDS = 5000;

/** Wraps a Worker. A request without the header `x-bench` is passed through unmeasured. */
export function instrument<Env extends object>(subject: Measurable<Env>, watched: Watched) {
  // Workers cache values by their environment, so each environment needs one lasting wrapper.
  const watchedEnvs = new WeakMap<Env, Env>();
  const around = (env: Env): Env => {
    const known = watchedEnvs.get(env) ?? watch(env, watched);
    watchedEnvs.set(env, known);
    return known;
  };

  return {
    async queue(batch: MessageBatch, env: Env, context: ExecutionContext) {
      if (messages === 0 || batch.queue !== "messages") return subject.queue?.(batch, env, context);
      await subject.queue?.(batch, around(env), context);
      messages -= batch.messages.length;
    },

    async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (pathname === "/bench/setup") {
        await subject.setup?.(env);
        return new Response();
      }
      if (pathname === "/bench/sql") return answerSql(request, (env as Bindings)[watched.d1 ?? ""] as D1Database);
      const asked = request.headers.get("x-bench");
      if (asked === null) return subject.fetch(request, env, context);

      [cost, distance, messages] = [{ ...NOTHING }, JSON.parse(asked), 0];
      const late: Promise<unknown>[] = [];
      const waitUntil = (promise: Promise<unknown>) => {
        late.push(promise);
        context.waitUntil(promise);
      };
      const waiting = overlay(context, { waitUntil });
      const answer = await subject.fetch(request, around(env), waiting);
      const before = { ...cost };
      // Wait for the work after the response, to count it. With a distance only latency is
      // measured.
      for (let n = 0; isNear() && n < late.length; n++) await late[n];
      const patience = Date.now() + PATIENCE_MILLISECONDS;
      while (messages > 0) {
        if (Date.now() > patience) throw new Error("a message was not worked off");
        await scheduler.wait(1);
      }
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
    ...(d1 && { [d1]: aroundD1(bindings[d1] as D1Database, measureTrip) }),
    ...(kv && { [kv]: watchCalls(bindings[kv] as object, "kv") }),
    ...(queue && { [queue]: watchCalls(bindings[queue] as object, "queue") }),
  };
}

const watchCalls = <T extends object>(binding: T, name: "kv" | "queue"): T =>
  aroundCalls(binding, async (call) => {
    cost[name]++;
    if (name === "queue" && isNear()) messages++;
    if (name === "kv") await away(distance.kv);
    return call();
  });

const isNear = () => distance.d1 === 0 && distance.kv === 0;

const away = (milliseconds: number) => (milliseconds > 0 ? scheduler.wait(milliseconds) : undefined);

async function measureTrip<T>(call: () => Promise<T>, taken: Prepared[]): Promise<T> {
  cost.d1Trips++;
  cost.d1Statements += taken.length;
  await away(distance.d1);
  const startedAt = performance.now();
  const answer = await call();
  cost.d1Milliseconds += performance.now() - startedAt;
  // Results without metadata have no row counts. A query is therefore repeated, after it was timed.
  // A write cannot be repeated.
  const [first] = taken;
  const counted: D1Result[] = ([answer].flat() as unknown[]).filter(isResult);
  if (counted.length === 0 && isNear() && first && /^\s*select/i.test(first.sql))
    counted.push(await first.statement.all());
  for (const { meta } of counted) {
    cost.rowsRead += meta.rows_read;
    cost.rowsWritten += meta.rows_written;
  }
  return answer;
}

const isResult = (answer: unknown): answer is D1Result => (answer as D1Result | null)?.meta !== undefined;
