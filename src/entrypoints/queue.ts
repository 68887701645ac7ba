/**
 * The queue consumer. Each message is handled by itself: sent, retried with back-off, or refused
 * for good, which puts it into the dead-letter queue. Dead messages are kept in the database.
 */
import { createDeps, type Deps, SYSTEM_CONTEXT } from "../deps.ts";
import { logError, logMessage, logMisconfigured } from "../log.ts";
import { deliver } from "../messages/deliver.ts";
import { measureMessage } from "../metrics.ts";
import type { Delivery } from "../senders/delivery.ts";
import { storageErrorOf } from "../storage/db.ts";
import { keepDeadMessage } from "../storage/dead-messages.ts";

/** The name in wrangler.toml. */
export const DEAD_QUEUE = "gatehouse-messages-dead";
/** As `max_retries` in wrangler.toml. The queue itself would give a message up without a reason. */
const MAX_RETRIES = 10;
const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 3600;

export async function consume(batch: MessageBatch, env: Env, context: ExecutionContext): Promise<void> {
  const deps = await createDeps(env, context, SYSTEM_CONTEXT);
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    batch.retryAll({ delaySeconds: MAX_DELAY_SECONDS });
    return;
  }
  const work = batch.queue === DEAD_QUEUE ? keep : handle;
  await Promise.all(batch.messages.map((message) => work(deps.value, message, env.DEAD_MESSAGES)));
}

type QueuedMessage = MessageBatch["messages"][number];

/** Keeps a dead message where an operator can find it. The queue drops it after a few days. */
async function keep(deps: Deps, message: QueuedMessage) {
  try {
    const body = JSON.stringify(message.body, withoutNetwork);
    await keepDeadMessage(deps.db, { id: message.id, body, createdAt: deps.now() });
  } catch (error) {
    logError("message_not_kept", storageErrorOf(error as Error) ?? (error as Error));
    return message.retry({ delaySeconds: backOff(message) });
  }
  report(deps, message, { outcome: "dead", reason: "never_sent" });
  return message.ack();
}

/** Omits the requester's network, which is stored for a day and no longer. */
const withoutNetwork = (name: string, value: unknown) => (name === "network" ? undefined : value);

async function handle(deps: Deps, message: QueuedMessage, dead: Queue) {
  const delivery = await attempt(deps, message);
  const isLast = delivery.outcome === "refused" || message.attempts > MAX_RETRIES;
  const reason = isLast && "reason" in delivery ? delivery.reason : undefined;
  try {
    if (reason) await dead.send(withReason(message.body, reason));
  } catch (error) {
    // Better delivered twice than lost.
    logError("dead_letter_failed", error as Error);
    return message.retry({ delaySeconds: FIRST_DELAY_SECONDS });
  }

  report(deps, message, delivery);
  if (reason || delivery.outcome !== "retry") return message.ack();
  return message.retry({
    delaySeconds: Math.min(Math.max(backOff(message), delivery.afterSeconds ?? 0), MAX_DELAY_SECONDS),
  });
}

/** A dead message has the reason beside its own fields, which the next attempt ignores. */
const withReason = (body: unknown, reason: string) => (Object(body) === body ? { ...(body as object), reason } : body);

/** Logs a message that was not sent, and measures each attempt. */
function report(deps: Deps, { body, attempts, timestamp }: QueuedMessage, delivery: Delivery | Dead) {
  if ("reason" in delivery) logMessage(body, delivery, attempts);
  measureMessage(deps.metrics, body, delivery, attempts, deps.now() - timestamp.getTime());
}

interface Dead {
  outcome: "dead";
  reason: string;
}

const backOff = ({ attempts }: QueuedMessage) => Math.min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), MAX_DELAY_SECONDS);

async function attempt(deps: Deps, { id, timestamp, body }: QueuedMessage): Promise<Delivery> {
  try {
    return await deliver(deps, body, { id, queuedAt: timestamp.getTime() });
  } catch (error) {
    logError("message_failed", storageErrorOf(error as Error) ?? (error as Error));
    return { outcome: "retry", reason: "failed" };
  }
}
