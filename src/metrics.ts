/**
 * Metrics: writes the facts of the log to Workers Analytics Engine, if its binding is there.
 *
 * docs/metrics.md documents the columns. Queries name them by position, so a new one goes to the
 * end. A data point has no account, address, secret or text from a client. Writing makes no trip
 * and cannot fail a request.
 */
import { kindOf, logError, type RequestLine } from "./log.ts";
import type { Delivery } from "./senders/delivery.ts";

/** The dataset. Undefined if the service has none. */
export type Metrics = AnalyticsEngineDataset | undefined;

/** The optional binding. */
export interface MetricsBinding {
  METRICS?: AnalyticsEngineDataset;
}

export const metricsOf = ({ METRICS }: Env & MetricsBinding): Metrics => METRICS;

/** Measures a request, or a call over a service binding. */
export const measureRequest = (metrics: Metrics, { method, route, status, code = "", ms }: RequestLine) =>
  write(metrics, "request", [method, route, `${Math.floor(status / 100)}xx`, code], [ms, status]);

/** Counts a security event. `method` is how the user signs in, if the event is about that. */
export const measureEvent = (metrics: Metrics, type: string, method = "") =>
  write(metrics, "security", [type, method], []);

/** How an attempt to deliver a message ended. */
type Ending = Pick<Delivery, "channel"> & { outcome: string; reason?: string };

/** Measures an attempt to deliver a message, `ms` milliseconds after it was queued. */
export const measureMessage = (metrics: Metrics, body: unknown, ending: Ending, attempts: number, ms: number) => {
  const { outcome, channel = "", reason = "" } = ending;
  write(metrics, "message", [kindOf(body), channel, outcome, reason], [attempts, ms]);
};

/**
 * Measures a password hash that starts after `ms` milliseconds, or that is refused. `waiting` is
 * the number of requests that wait for one at that moment.
 */
export const measureHash = (metrics: Metrics, outcome: "started" | "overloaded", waiting: number, ms: number) =>
  write(metrics, "hash", [outcome], [waiting, ms]);

/** The index is what the platform samples by: a flood of requests hides no message. */
function write(metrics: Metrics, index: string, blobs: string[], doubles: number[]) {
  try {
    metrics?.writeDataPoint({ indexes: [index], blobs, doubles });
  } catch (error) {
    logError("metrics_failed", error as Error);
  }
}
