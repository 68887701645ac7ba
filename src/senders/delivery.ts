/** What became of a message. `skipped`: there was nothing to send; `refused` is final; what is to be retried may say how long to wait first. A reason names no
 *  address. */
export type Delivery =
  | { outcome: "sent" | "skipped" }
  | { outcome: "retry"; reason: string; afterSeconds?: number | undefined }
  | { outcome: "refused"; reason: string };

/** Nobody is to be told anything. */
export const SKIPPED: Delivery = { outcome: "skipped" };

/** A provider that has not answered by then is asked again later. */
export const TIMEOUT_MILLISECONDS = 10_000;

/** What a provider's failure means: 4xx is final but for 429; that, 5xx and silence (no status) are to be retried. */
export function failedDelivery(status: number | null, reason: string, retryAfter: string | null | undefined): Delivery {
  const isFinal = status !== null && status >= 400 && status < 500 && status !== 429;
  if (isFinal) return { outcome: "refused", reason };

  const afterSeconds = Number(retryAfter);
  return { outcome: "retry", reason, ...(afterSeconds > 0 && { afterSeconds }) };
}
