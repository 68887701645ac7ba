/**
 * `AdminService` of the local database. The class of the Worker runs in this process, on the
 * bindings that `wrangler dev` serves, also while `npm start` runs. The queue of another process
 * does not deliver: what the acts send is handed to the queue consumer of the Worker afterwards.
 */
import { createRequire, registerHooks } from "node:module";
import type * as contract from "../src/contract/admin-service.ts";
import type * as queue from "../src/entrypoints/queue.ts";
import type * as service from "../src/entrypoints/rpc/admin-service.ts";
import { Refusal } from "./command.ts";
import { type LocalState, withLocalBindings } from "./local-bindings.ts";

const MOST_ATTEMPTS = 3;

/** Takes the place of `cloudflare:workers`, which only workerd has. */
const ENTRYPOINT = "export class WorkerEntrypoint { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }";

/** Loads the parts of the Worker that run here. Only Node loads them: Vitest ignores its hooks. */
function loadWorker() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "cloudflare:workers"
        ? { url: `data:text/javascript,${ENTRYPOINT}`, format: "module", shortCircuit: true }
        : next(specifier, context),
  });
  const load = createRequire(import.meta.url);
  const { AdminService } = load("../src/entrypoints/rpc/admin-service.ts") as typeof service;
  const { consume, DEAD_QUEUE } = load("../src/entrypoints/queue.ts") as typeof queue;
  hooks.deregister();
  return { AdminService, consume, DEAD_QUEUE };
}

/** Runs `act` with the service, then delivers the messages. Throws a `Refusal` if that fails. */
export async function withLocalAdminService<T>(
  state: LocalState,
  caller: string,
  act: (service: contract.AdminService) => Promise<T>,
): Promise<T> {
  const { AdminService, consume, DEAD_QUEUE } = loadWorker();
  return withLocalBindings(state, (bindings: Env) =>
    asInDevelopment(async () => {
      const { works, finish } = collectWorks();
      const messages: unknown[] = [];
      const dead: unknown[] = [];
      const env = { ...bindings, MESSAGES: queueInto(messages), DEAD_MESSAGES: queueInto(dead) };
      const context = { props: { caller }, waitUntil: (work: Promise<unknown>) => works.push(work) };
      const deliver = (name: string, bodies: unknown[]) =>
        deliverAll(name, bodies, (batch) => consume(batch, env, context as never));

      const value = await act(new AdminService(context as never, env));
      await finish();
      const isDelivered = await deliver("gatehouse-messages", messages);
      await deliver(DEAD_QUEUE, dead);
      await finish();
      if (!isDelivered || dead.length > 0) throw new Refusal("It is done, but a message was not sent.");
      return value;
    }),
  );
}

/** Collects what `waitUntil` gets. `finish` also waits for what is added meanwhile. */
function collectWorks() {
  const works: Promise<unknown>[] = [];
  const finish = async () => {
    while (works.length > 0) await Promise.all(works.splice(0));
  };
  return { works, finish };
}

const queueInto = (bodies: unknown[]) => ({ send: async (body: unknown) => void bodies.push(body) }) as never;

/** Hands messages to a consumer, again if it says so. Returns whether it took all of them. */
async function deliverAll(
  queue: string,
  bodies: unknown[],
  consume: (batch: MessageBatch) => Promise<void>,
): Promise<boolean> {
  let waiting = bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: new Date(), body }));
  for (let attempts = 1; waiting.length > 0 && attempts <= MOST_ATTEMPTS; attempts++) {
    const again: typeof waiting = [];
    const messages = waiting.map((message) => ({ ...message, attempts, ack() {}, retry: () => again.push(message) }));
    const retryAll = () => again.push(...waiting);
    await consume({ queue, messages, ackAll() {}, retryAll } as never);
    waiting = again;
  }
  return waiting.length === 0;
}

/** The events of the log that a person has to see: nobody else tells what they are about. */
const UNEXPECTED = ["request_failed", "message_failed", "message_not_sent", "message_not_queued"];

/**
 * Runs `act` as `wrangler dev` would: messages without a provider go to `/dev/outbox`. The log of
 * the Worker stays off the output, except for failures, which are added to the refusal.
 */
async function asInDevelopment<T>(act: () => Promise<T>): Promise<T> {
  const { NODE_ENV } = process.env;
  const { info, error: printError } = console;
  const failures: string[] = [];
  const collect =
    (print: typeof info) =>
    (text: unknown, ...rest: unknown[]) => {
      const line = eventOf(text);
      if (line === undefined) print(text, ...rest);
      else if (UNEXPECTED.includes(line)) failures.push(String(text));
    };
  process.env["NODE_ENV"] = "development";
  console.info = collect(info);
  console.error = collect(printError);
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal) || failures.length === 0) throw error;
    throw new Refusal([error.message, ...failures].join("\n"));
  } finally {
    Object.assign(console, { info, error: printError });
    if (NODE_ENV === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = NODE_ENV;
  }
}

/** Returns the event of a line of the log, or undefined for any other text. */
function eventOf(text: unknown): string | undefined {
  if (typeof text !== "string" || !text.startsWith('{"level":')) return undefined;
  return (JSON.parse(text) as { event: string }).event;
}
