/**
 * The log: one JSON object per line, with `level` and `event`.
 *
 * Lines contain account ids, error codes and route templates. They never contain addresses, tokens,
 * secrets, request bodies, or the messages of errors that other code threw, which may quote these.
 * The only text from a client is the origin of a refused page.
 */
import type { SecurityEventType } from "./contract/events.ts";
import type { FieldError } from "./result.ts";

/** An error whose message is a text of our own, which the log shows. `cause` is what was thrown. */
export class OwnError extends Error {}

/** Logs an exception: its name, its stack frames, and the message if it is our own. */
export function logError(event: string, error: Error) {
  const message = error instanceof OwnError ? error.message : undefined;
  const thrown = error instanceof OwnError && error.cause instanceof Error ? error.cause : error;
  const name = /^\w{1,50}$/.test(thrown.name) ? thrown.name : "Error";
  console.error(JSON.stringify({ level: "error", event, name, message, stack: framesOf(thrown) }));
}

const FRAME = /^ +at .+:\d+:\d+\)?$/;

/** Returns the frames of a stack, without the message above them, whose lines may look alike. */
function framesOf({ message = "", stack = "" }: Error): string {
  const start = stack.indexOf(message);
  // A message that was changed after the throw is not found, and may look like frames.
  const lines = start < 0 ? [] : stack.slice(start + message.length).split("\n");
  return lines.filter((line) => FRAME.test(line)).join("\n");
}

export interface RequestLine {
  method: string;
  route: string;
  status: number;
  ms: number;
  code: string | undefined;
  ray: string | undefined;
}

/** Logs a request, as an error if its status is 500 or more. */
export function logRequest(line: RequestLine) {
  if (line.status >= 500) console.error(JSON.stringify({ level: "error", event: "request", ...line }));
  else console.info(JSON.stringify({ level: "info", event: "request", ...line }));
}

/**
 * Logs a security event. `user` is the id of the account, or null if there is none. `method` is how
 * the user signs in, if the event is about that. `administrator` is the id of the one who acted.
 */
export function logSecurityEvent(line: {
  type: SecurityEventType;
  user: string | null;
  method: string | undefined;
  ray: string | null;
  caller: string | undefined;
  administrator: string | undefined;
}) {
  console.info(JSON.stringify({ level: "info", event: "security", ...line }));
}

/** Logs a message that was not sent: its kind and the reason, never the recipient. */
export function logMessage(body: unknown, { outcome, reason }: { outcome: string; reason: string }, attempts: number) {
  const line = { level: "error", event: "message_not_sent", kind: kindOf(body), outcome, reason, attempts };
  console.error(JSON.stringify(line));
}

/** Returns the kind of a queued message, or `unknown`: any Worker of the account may queue one. */
export function kindOf(body: unknown): string {
  const { kind } = (body ?? {}) as { kind?: unknown };
  return typeof kind === "string" && /^[a-z-]{1,40}$/.test(kind) ? kind : "unknown";
}

/** Logs a sign-in that failed at an identity provider: which one, at which step, and why. */
export function logProvider(
  event: "provider_unavailable" | "provider_refused",
  line: { provider: string; step: string; reason: string },
) {
  console.error(JSON.stringify({ level: "error", event, ...line }));
}

/** Logs information for developers. */
export function logInfo(event: string, fields: Record<string, string>) {
  console.info(JSON.stringify({ level: "info", event, ...fields }));
}

/** Logs the invalid settings and how to fix them. */
export function logMisconfigured(settings: FieldError[]) {
  console.error(JSON.stringify({ level: "error", event: "misconfigured", settings }));
}
