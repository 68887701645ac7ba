/**
 * Requests to identity providers.
 *
 * Each has five seconds in total, and those of one callback have ten together. An answer is limited
 * in size, and no redirect is followed: it could lead to an address inside a network, and would
 * carry the client secret along. An answer that is not JSON counts as none. The log names the
 * provider, the step and a reason, never what was answered.
 */
import type * as z from "zod/mini";
import { logProvider } from "../log.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import type { IdentityProvider } from "./provider.ts";

const TIMEOUT_MILLISECONDS = 5000;
/** A callback asks up to four times, while a person waits. */
export const CALLBACK_TIMEOUT_MILLISECONDS = 10_000;

/** The steps that ask a provider, with the size of an answer, in bytes. */
const MAX_BYTES = { discovery: 262_144, keys: 262_144, token: 65_536, profile: 65_536 };
type Step = keyof typeof MAX_BYTES;

interface Outgoing {
  method?: "POST";
  headers?: Record<string, string>;
  body?: URLSearchParams;
  /** Ends the requests of a callback. */
  signal?: AbortSignal | undefined;
}

/**
 * Sends a request and parses the answer. Errors: `provider_unavailable` unless that is JSON of the
 * right form, with the status 200, or 4xx and an `error` from the token endpoint.
 */
export async function ask<Schema extends z.ZodMiniType>(
  provider: IdentityProvider,
  step: Step,
  schema: Schema,
  address: string,
  { headers, signal, ...request }: Outgoing = {},
): Promise<Result<z.output<Schema>>> {
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const answer = await fetch(address, {
      ...request,
      // GitHub refuses requests without a user agent.
      headers: { accept: "application/json", "user-agent": "Gatehouse", ...headers },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const { status } = answer;
    const isUsable = status === 200 || (step === "token" && status >= 400 && status < 429);
    if (!isUsable || !/json/i.test(answer.headers.get("content-type") ?? "")) {
      await answer.body?.cancel();
      return unavailable(provider, step, isUsable ? "no_json" : `status_${status}`);
    }
    const text = await readUpTo(MAX_BYTES[step], answer);
    if (text === undefined) return unavailable(provider, step, "too_large");
    const json = JSON.parse(text);
    const { success, data } = schema.safeParse(json);
    const isComplete = success && (status === 200 || json.error !== undefined);
    return isComplete ? ok(data) : unavailable(provider, step, "malformed");
  } catch (error) {
    // A timeout, no connection, or malformed JSON. The message may quote the answer.
    return unavailable(provider, step, (error as Error).name);
  }
}

/** Reads a body while it is small enough. Leaving the loop cancels the rest. */
export async function readUpTo(maxBytes: number, { body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The failure of a provider that is down, slow, or answers with something unusable. */
export function unavailable({ id }: IdentityProvider, step: Step | "callback", reason: string): Err {
  logProvider("provider_unavailable", { provider: id, step, reason });
  return err("provider_unavailable");
}

/** The failure of a sign-in that the provider refused, or that did not pass a check. */
export function refused({ id }: IdentityProvider, step: "callback" | "token" | "id_token" | "profile", reason: string) {
  logProvider("provider_refused", { provider: id, step, reason });
  return err("provider_refused");
}
