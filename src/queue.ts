import { createDeps, type Deps, SYSTEM_CONTEXT } from "./deps.ts";
import { sendChangeCode } from "./features/account/address.ts";
import { sendClaimNotice, sendNotice } from "./features/notices/notices.ts";
import { sendResetCode, sendResetLink } from "./features/password-reset/password-reset.ts";
import { sendVerification } from "./features/verification/verification.ts";
import { logError, logMessage, logMisconfigured } from "./log.ts";
import { type Envelope, Message } from "./schemas/message.ts";
import type { Delivery } from "./senders/delivery.ts";
import { storageFailure } from "./storage/db.ts";
import { keepDeadMessage } from "./storage/dead-messages.ts";

/** As wrangler.toml calls it. */
const DEAD_QUEUE = "gatehouse-messages-dead";
const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 3600;

/** The queue's door. Each message is judged by itself: sent, to be tried again later and later, or never to succeed,
 *  which leaves it in the dead-letter queue at once; what arrives there is kept. */
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

type Delivered = MessageBatch["messages"][number];

/** Keeps a dead message where an operator finds it: the queue itself forgets it after some days. */
async function keep(deps: Deps, message: Delivered) {
  try {
    await keepDeadMessage(deps.db, { id: message.id, body: JSON.stringify(message.body), createdAt: deps.now() });
  } catch (error) {
    logError("message_not_kept", storageFailure(error as Error) ?? (error as Error));
    return message.retry({ delaySeconds: backOff(message) });
  }
  logMessage(message.body, { outcome: "dead", reason: "never_sent" }, message.attempts);
  return message.ack();
}

async function handle(deps: Deps, message: Delivered, dead: Queue) {
  const delivery = await deliver(deps, message);
  try {
    if (delivery.outcome === "refused") await dead.send(message.body);
  } catch (error) {
    // Rather once more than lost.
    logError("dead_letter_failed", error as Error);
    return message.retry({ delaySeconds: FIRST_DELAY_SECONDS });
  }

  if ("reason" in delivery) logMessage(message.body, delivery, message.attempts);
  if (delivery.outcome !== "retry") return message.ack();
  return message.retry({
    delaySeconds: Math.min(Math.max(backOff(message), delivery.afterSeconds ?? 0), MAX_DELAY_SECONDS),
  });
}

const backOff = ({ attempts }: Delivered) => Math.min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), MAX_DELAY_SECONDS);

async function deliver(deps: Deps, { id, timestamp, body }: Delivered): Promise<Delivery> {
  const parsed = Message.safeParse(body);
  if (!parsed.success) return { outcome: "refused", reason: "malformed" };

  try {
    return await act(deps, parsed.data, { id, queuedAt: timestamp.getTime() });
  } catch (error) {
    logError("message_failed", storageFailure(error as Error) ?? (error as Error));
    return { outcome: "retry", reason: "failed" };
  }
}

function act(deps: Deps, message: Message, envelope: Envelope): Promise<Delivery> {
  switch (message.kind) {
    case "password-reset-link":
      return sendResetLink(deps, message, envelope);
    case "password-reset-code":
      return sendResetCode(deps, message, envelope);
    case "verification":
      return sendVerification(deps, message, envelope);
    case "address-taken":
      return sendClaimNotice(deps, message, envelope);
    case "email-change":
    case "phone-change":
      return sendChangeCode(deps, message, envelope);
    case "notice":
      return sendNotice(deps, message);
  }
}
