import type { FieldError } from "./result.ts";

/** One JSON line for an exception: its kind, words and stack, which must hold nothing that a client sent. */
export function logError(event: string, { name, message, stack }: Error) {
  console.error(JSON.stringify({ level: "error", event, name, message, stack }));
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
