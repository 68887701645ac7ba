/**
 * The outcome of sending one message.
 *
 * - `sent`: the provider accepted the message.
 * - `skipped`: there was nothing to send.
 * - `retry`: a temporary failure. `afterSeconds` is the wait that the provider asked for.
 * - `refused`: a permanent failure.
 *
 * A `reason` is for the log and contains no address.
 */
export type Delivery = { channel?: Channel } & (
  | { outcome: "sent" | "skipped" }
  | { outcome: "retry"; reason: string; afterSeconds?: number | undefined }
  | { outcome: "refused"; reason: string }
);

/** How a message is sent. */
export type Channel = "mail" | "text";

/** There was nothing to send. */
export const SKIPPED: Delivery = { outcome: "skipped" };

/** How long a provider may take to answer. A timeout is retried. */
export const TIMEOUT_MILLISECONDS = 10_000;

/**
 * 4xx that say nothing about the message. They are temporary, or about the account at the provider,
 * such as a key or a domain that is not active yet. An operator can fix the cause between retries.
 */
const RETRIED_4XX = [401, 402, 403, 404, 408, 425, 429];

/**
 * Maps a failed request to a delivery. A 4xx about the message itself is permanent. Everything else
 * is retried, including no response (`status` null).
 */
export function failedDelivery(status: number | null, reason: string, retryAfter: string | null | undefined): Delivery {
  const isFinal = status !== null && status >= 400 && status < 500 && !RETRIED_4XX.includes(status);
  if (isFinal) return { outcome: "refused", reason };

  const afterSeconds = Number(retryAfter);
  return { outcome: "retry", reason, ...(afterSeconds > 0 && { afterSeconds }) };
}
