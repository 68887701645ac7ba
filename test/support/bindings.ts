import type { AdminBinding } from "../../src/entrypoints/http.ts";
import type { MetricsBinding } from "../../src/metrics.ts";
import type { VerifierBinding } from "../../src/passwords/foreign-hashes.ts";

/** Settings and bindings of a deployment. */
export type Settings = Partial<Env & VerifierBinding & MetricsBinding & AdminBinding>;

/** A statement with its SQL. */
export interface Prepared {
  sql: string;
  statement: D1PreparedStatement;
}

/** Wraps a round trip: counts it, acts before or after it, or fails instead. */
type Around = <T>(trip: () => Promise<T>, taken: Prepared[]) => Promise<T>;

/** A D1 database whose round trips are wrapped. A batch is one round trip. */
export function aroundD1(database: D1Database, around: Around): D1Database {
  return overlay(database, {
    prepare: (sql: string) => aroundStatement({ sql, statement: database.prepare(sql) }, around),
    batch: (statements: D1PreparedStatement[]) => {
      const taken = statements.map((statement) => inner.get(statement) ?? { sql: "", statement });
      return around(() => database.batch(taken.map(({ statement }) => statement)), taken);
    },
    exec: (sql: string) => around(() => database.exec(sql), []),
    withSession: (constraint?: string) => aroundD1(database.withSession(constraint) as unknown as D1Database, around),
  });
}

/** A D1 database whose n-th round trip fails before or after its commit. */
export function failingD1(database: D1Database, n: number, when: "before" | "after"): D1Database {
  let trips = 0;
  return aroundD1(database, async (trip) => {
    if (++trips !== n) return trip();
    if (when === "after") await trip();
    throw new Error("Network connection lost.");
  });
}

/** A D1 database on which the act runs just before the n-th round trip. */
export function interruptedD1(database: D1Database, n: number, act: () => Promise<unknown>): D1Database {
  let trips = 0;
  return aroundD1(database, async (trip) => {
    if (++trips === n) await act();
    return trip();
  });
}

/** A D1 database whose replicas lag: they answer every query with these rows. */
export function frozenReplica(database: D1Database, rows: object[]): D1Database {
  const [all, raw] = [async () => ({ results: rows }), async () => rows.map((row) => Object.values(row))];
  const statement = { bind: () => statement, all, raw };
  return overlay(database, { withSession: () => ({ prepare: () => statement }) });
}

/** A KV namespace whose method fails. */
export function failingKv(namespace: KVNamespace, method: "get" | "put"): KVNamespace {
  return overlay(namespace, {
    [method]: () => Promise.reject(new Error("KV: 503 Service Unavailable")),
  });
}

/** A KV namespace at a location that no write has reached yet. */
export const staleKv = (namespace: KVNamespace): KVNamespace => overlay(namespace, { get: async () => null });

/** A KV namespace, a queue or a limiter whose calls are wrapped. */
export function aroundCalls<T extends object>(binding: T, around: Around): T {
  return new Proxy(binding, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => around(() => Reflect.apply(member, target, args), []);
    },
  });
}

/** A limiter that never limits. */
export const OPEN_LIMITER = { limit: async () => ({ success: true }) } as unknown as RateLimit;
/** For tests that make more requests than one session may. */
export const NO_SESSION_LIMIT = { RATE_LIMIT_SESSIONS: OPEN_LIMITER };

/** The real statement of each wrapped one, because a batch accepts only real ones. */
const inner = new WeakMap<D1PreparedStatement, Prepared>();

function aroundStatement(prepared: Prepared, around: Around): D1PreparedStatement {
  const { sql, statement } = prepared;
  const trip =
    (name: "first" | "run" | "all" | "raw") =>
    (...args: unknown[]) =>
      around(() => Reflect.apply(statement[name], statement, args), [prepared]);
  const wrapped = overlay(statement, {
    bind: (...values: unknown[]) => aroundStatement({ sql, statement: statement.bind(...values) }, around),
    first: trip("first"),
    run: trip("run"),
    all: trip("all"),
    raw: trip("raw"),
  });
  inner.set(wrapped, prepared);
  return wrapped;
}

/** An object with some members replaced. */
export const overlay = <T extends object>(target: T, members: Record<string, unknown>): T =>
  new Proxy(target, {
    get(_, name) {
      const member = members[name as string] ?? Reflect.get(target, name);
      return typeof member === "function" && !(name in members) ? member.bind(target) : member;
    },
  });
