import { createDeps, type Deps } from "./deps.ts";
import { sendPasswordChanged } from "./features/account/notice.ts";
import { logError, logMessage, logMisconfigured } from "./log.ts";
import { Message } from "./schemas/message.ts";
import type { Delivery } from "./senders/mail.ts";
import { storageFailure } from "./storage/db.ts";

const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 3600;

/** The queue's door. Each message is judged by itself: sent, to be tried again later and later, or never to succeed,
 *  which leaves it in the dead-letter queue at once. */
export async function consume(batch: MessageBatch, env: Env, context: ExecutionContext): Promise<void> {
  const deps = await createDeps(env, context, { ip: null, userAgent: null });
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    batch.retryAll({ delaySeconds: MAX_DELAY_SECONDS });
    return;
  }
  await Promise.all(batch.messages.map((message) => handle(deps.value, env.DEAD_MESSAGES, message)));
}

type Delivered = MessageBatch["messages"][number];

async function handle(deps: Deps, dead: Queue, message: Delivered) {
  const delivery = await deliver(deps, message);
  try {
    if (delivery.outcome === "refused") await dead.send(message.body);
  } catch (error) {
    // Rather once more than lost.
    logError("dead_letter_failed", error as Error);
    return message.retry({ delaySeconds: FIRST_DELAY_SECONDS });
  }

  if (delivery.outcome !== "sent") logMessage(message.body, delivery, message.attempts);
  if (delivery.outcome !== "retry") return message.ack();
  const backOff = Math.min(FIRST_DELAY_SECONDS * 2 ** (message.attempts - 1), MAX_DELAY_SECONDS);
  return message.retry({ delaySeconds: Math.max(backOff, delivery.afterSeconds ?? 0) });
}

async function deliver(deps: Deps, { id, body }: Delivered): Promise<Delivery> {
  const parsed = Message.safeParse(body);
  if (!parsed.success) return { outcome: "refused", reason: "malformed" };

  try {
    return await act(deps, parsed.data, id);
  } catch (error) {
    logError("message_failed", storageFailure(error as Error) ?? (error as Error));
    return { outcome: "retry", reason: "failed" };
  }
}

function act(deps: Deps, message: Message, key: string): Promise<Delivery> {
  switch (message.kind) {
    case "password-changed":
      return sendPasswordChanged(deps, message, key);
  }
}
