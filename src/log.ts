import type { FieldError } from "./result.ts";

/** One JSON line for an exception: its kind, words and stack, which must hold nothing that a client sent. */
export function logError(event: string, { name, message, stack }: Error) {
  console.error(JSON.stringify({ level: "error", event, name, message, stack }));
}

/** One JSON line that names the settings at fault and what mends them. */
export function logMisconfigured(settings: FieldError[]) {
  console.error(JSON.stringify({ level: "error", event: "misconfigured", settings }));
}
