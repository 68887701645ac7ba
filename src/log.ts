import type { SecurityEventType } from "./contract/events.ts";
import type { FieldError } from "./result.ts";

/** One JSON line for an exception: its kind, words and stack, which must hold nothing that a client sent. */
export function logError(event: string, { name, message, stack }: Error) {
  console.error(JSON.stringify({ level: "error", event, name, message, stack }));
}

interface RequestLine {
  method: string;
  route: string;
  status: number;
  ms: number;
  code: string | undefined;
  ray: string | undefined;
}

/** One JSON line for a request. */
export function logRequest(line: RequestLine) {
  if (line.status >= 500) console.error(JSON.stringify({ level: "error", event: "request", ...line }));
  else console.info(JSON.stringify({ level: "info", event: "request", ...line }));
}

/** One JSON line for a security event: `user` is the account's id, null where there is none. */
export function logSecurityEvent(line: {
  type: SecurityEventType;
  user: string | null;
  ray: string | null;
  caller: string | undefined;
}) {
  console.info(JSON.stringify({ level: "info", event: "security", ...line }));
}

/** One JSON line for a message that was not sent: its kind and why, never whom it is for. */
export function logMessage(body: unknown, { outcome, reason }: { outcome: string; reason: string }, attempts: number) {
  const { kind } = (body ?? {}) as { kind?: unknown };
  const known = typeof kind === "string" && /^[a-z-]{1,40}$/.test(kind) ? kind : "unknown";
  console.error(JSON.stringify({ level: "error", event: "message_not_sent", kind: known, outcome, reason, attempts }));
}

/** One JSON line for what a developer may want to know. */
export function logInfo(event: string, fields: Record<string, string>) {
  console.info(JSON.stringify({ level: "info", event, ...fields }));
}

/** One JSON line that names the settings at fault and what mends them. */
export function logMisconfigured(settings: FieldError[]) {
  console.error(JSON.stringify({ level: "error", event: "misconfigured", settings }));
}
