import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { expect, vi } from "vitest";
import { createIsolateDeps } from "../../src/deps.ts";
import { JANE } from "../../src/http/examples.ts";
import worker from "../../src/index.ts";
import { aroundCalls, aroundD1, overlay, type Settings } from "./bindings.ts";
import { expectDocumented } from "./openapi.ts";
import { PASSWORD } from "./passwords.ts";
import { expectSafeHeaders } from "./safe-headers.ts";

export { PASSWORD };

export const ISSUER = "https://auth.test";
export const JSON_TYPE = { "content-type": "application/json" };

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
  json: any;
}

interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The scrypt parameters of a deployment, for tests that depend on them. */
export const DEFAULT_SCRYPT = { SCRYPT_PARAMS: "ln=15,r=8,p=3" };

const CHEAP_SCRYPT = { ln: 1, r: 1, p: 1 };

/** Makes hashing cheap unless SCRYPT_PARAMS is set, because it would dominate the suite's time. */
export const hashCheaply = (env: Env) => createIsolateDeps(env, CHEAP_SCRYPT);

/** The number of calls of each binding. */
interface Counts {
  d1: number;
  kv: number;
  queue: number;
}

/**
 * The Worker in workerd, on a real D1 and KV that count their calls. Every answer is checked
 * against the OpenAPI document and for the headers that all answers need.
 */
export function createWorld(overrides: Settings = {}) {
  const counts: Counts = { d1: 0, kv: 0, queue: 0 };
  const count =
    (name: keyof Counts) =>
    <T>(call: () => T) => {
      counts[name]++;
      return call();
    };
  // The real queue would deliver after the end of the test. `deliver` and `flush` stand in for it.
  const sent: unknown[] = [];
  const MESSAGES = { send: async (body: unknown) => void sent.push(body) } as unknown as Queue;
  const given: Env = { ...bindings, MESSAGES, ...overrides };
  const env: Env = {
    ...given,
    DB: aroundD1(given.DB, count("d1")),
    DENYLIST: aroundCalls(given.DENYLIST, count("kv")),
    MESSAGES: aroundCalls(given.MESSAGES, count("queue")),
  };

  const issuer = URL.parse(given.ISSUER)?.origin ?? ISSUER;

  /** Sends a request to a path of the issuer, or to a URL. */
  async function send(path: string, init?: RequestInit): Promise<Answer> {
    const request = new Request(/^https?:/.test(path) ? path : `${issuer}${path}`, init) as Parameters<
      typeof worker.fetch
    >[0];
    const context = createExecutionContext();
    await hashCheaply(env);
    const response = await worker.fetch(request, env, context);
    await waitOnExecutionContext(context);
    expectSafeHeaders(path, response, issuer);
    await expectDocumented(request, response.clone());
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, headers: response.headers, text, json: isJson && text ? JSON.parse(text) : null };
  }

  return {
    env,
    counts,
    /** The queued messages. */
    sent,
    send,
    get: (path: string, headers: HeadersInit = {}) => send(path, { headers }),
    post: (path: string, body: unknown, headers: HeadersInit = {}) =>
      send(path, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) }),
    /** A request of any method, with an optional bearer token and JSON body. */
    call: (method: string, path: string, { token, body, headers }: CallOptions = {}) =>
      send(path, {
        method,
        headers: {
          ...(body !== undefined && JSON_TYPE),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    form: (path: string, fields: Record<string, string>) =>
      send(path, { method: "POST", body: new URLSearchParams(fields), headers: { "sec-fetch-site": "same-origin" } }),
    refresh: (refresh_token: string) => send("/auth/refresh", jsonPost({ refresh_token })),
    logout: (body: { refresh_token: string; scope?: "local" | "others" | "global" }) =>
      send("/auth/logout", jsonPost(body)),
    /**
     * Delivers messages. Returns the acknowledged ids and the delays of the retries, in seconds.
     */
    async deliver(
      bodies: unknown[],
      { attempts = 1, id = "message-", queue = "gatehouse-messages", timestamp = new Date() } = {},
    ) {
      const messages = bodies.map((body, n) => ({ id: `${id}${n}`, timestamp, attempts, body }));
      const batch = createMessageBatch(queue, messages);
      const context = createExecutionContext();
      const delays: (number | undefined)[] = [];
      await hashCheaply(env);
      await worker.queue(recordDelays(batch, delays), env, context);
      const { explicitAcks, retryBatch } = await getQueueResult(batch, context);
      return { acked: explicitAcks, retried: delays, retryBatch };
    },
    /** Delivers the queued messages until the queue is empty. */
    async flush() {
      while (sent.length > 0) await this.deliver(sent.splice(0), { id: `${crypto.randomUUID()}-` });
    },
    /** Runs the schedule once. */
    async schedule() {
      const context = createExecutionContext();
      await hashCheaply(env);
      await worker.scheduled(createScheduledController(), env, context);
      await waitOnExecutionContext(context);
    },
    me: (token: string) => send("/users/me", { headers: { authorization: `Bearer ${token}` } }),
    /** Counts the calls of each binding during an act. */
    async cost(act: () => Promise<unknown>): Promise<Counts> {
      const before = { ...counts };
      await act();
      return { d1: counts.d1 - before.d1, kv: counts.kv - before.kv, queue: counts.queue - before.queue };
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** A world with Jane in it, who has all three identifiers. */
export async function createWorldWithJane(overrides: Settings = {}) {
  const world = createWorld(overrides);
  const registered = await world.post("/auth/register", { ...JANE, password: PASSWORD });
  expect(registered.status).toBe(201);
  // Drops the message with her verification code.
  world.sent.length = 0;
  return {
    world,
    jane: registered.json,
    login: async (headers: Record<string, string> = {}) =>
      (await world.post("/auth/login", { identifier: "janedoe", password: PASSWORD }, headers)).json,
  };
}

const jsonPost = (body: unknown) => ({ method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) });

/** Stops the Worker's clock at this Unix time. The clocks of D1 and KV go on. */
export function stopClock(milliseconds: number) {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(milliseconds);
}

/** Clears the lockouts, so that a test reaches other limits. */
export const unlock = () => bindings.DB.exec("delete from lockouts");

/** The session id of a token. */
export const sidOf = (token: string) => decodeJwt<{ sid: string }>(token).sid;

export const TABLES = [
  "users",
  "passwords",
  "sessions",
  "denylist_outbox",
  "audit_events",
  "dead_messages",
  "one_time_secrets",
  "pending_sign_ups",
  "requested_messages",
  "notices",
  "totps",
  "recovery_codes",
  "passkeys",
  "spent_challenges",
  "factor_removals",
  "trusted_devices",
  "identities",
  "oauth_clients",
  "oauth_grants",
  "oauth_codes",
  "oauth_device_codes",
  "api_keys",
  "lockouts",
] as const;

type Rows = Record<string, unknown>[];
export type Tables = Record<string, Rows>;

/** Returns every row, by table. */
export async function dumpTables(database: D1Database = bindings.DB): Promise<Tables> {
  const dumps = await database.batch<Rows[number]>(TABLES.map((table) => database.prepare(`select * from ${table}`)));
  return Object.fromEntries(TABLES.map((table, n) => [table, dumps[n]?.results ?? []]));
}

/** Returns every row, in the order of `TABLES`. */
export const dumpRows = async () => Object.values(await dumpTables());

/** Replaces everything in the database. */
export async function restoreTables(tables: Tables, database: D1Database = bindings.DB) {
  const insert = (table: string, row: Rows[number]) =>
    database
      .prepare(`insert into ${table} (${Object.keys(row).join()}) values (${Object.keys(row).fill("?").join()})`)
      .bind(...Object.values(row));
  await database.batch([
    ...[...TABLES].reverse().map((table) => database.prepare(`delete from ${table}`)),
    ...TABLES.flatMap((table) => (tables[table] ?? []).map((row) => insert(table, row))),
  ]);
}

/** Wraps a batch to record the delays of its retries, which its result does not contain. */
const recordDelays = (batch: MessageBatch, delays: (number | undefined)[]): MessageBatch =>
  overlay(batch, {
    messages: batch.messages.map((message) =>
      overlay(message, {
        retry(options?: QueueRetryOptions) {
          delays.push(options?.delaySeconds);
          message.retry(options);
        },
      }),
    ),
  });
