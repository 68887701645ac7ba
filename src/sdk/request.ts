import type { ErrorCode } from "../errors.ts";
import type { FieldError } from "../result.ts";

/** Why something was not done: a code of the service, or `unreachable` when nothing came back that is the service's. */
export interface Failure {
  ok: false;
  code: ErrorCode | "unreachable";
  errors?: FieldError[];
  /** When it is worth trying again, where the service says so. */
  retryAfterSeconds?: number;
}

export type ClientResult<T = void> = { ok: true; value: T } | Failure;

/** Thrice this, and the pauses of a refresh that is tried again, stay below the window in which it may be. */
const DEADLINE_MILLISECONDS = 8000;

/** One call of the service: never throws. */
export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  body?: object | undefined;
  token?: string | undefined;
}

export type Send = <T>(call: Call) => Promise<ClientResult<T>>;

/** Sends calls to the service at this address, with its cookie or without. */
export const createSend =
  (baseUrl: string, withCookie: boolean): Send =>
  async <T>({ method, path, body, token }: Call): Promise<ClientResult<T>> => {
    const init = {
      method,
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MILLISECONDS),
      // Left out where there are no cookies: workerd does not know the word.
      ...(withCookie && { credentials: "include" }),
    };
    try {
      const response = await fetch(baseUrl + path, init as RequestInit);
      const isJson = response.headers.get("content-type")?.includes("json");
      const value = isJson ? await response.json() : undefined;
      // Something else may answer 200 in the service's place.
      if (response.ok && (isJson || EMPTY.includes(response.status))) return { ok: true, value: value as T };
      return failureOf(value, response.headers.get("retry-after"));
    } catch {
      return { ok: false, code: "unreachable" };
    }
  };

/** Accepted, and no content. */
const EMPTY = [202, 204];

/** A proxy's error page is not the service's. */
function failureOf(problem: unknown, retryAfter: string | null): Failure {
  const { code = "unreachable", errors } = (problem ?? {}) as Partial<Failure>;
  return { ok: false, code, ...(errors && { errors }), ...(retryAfter && { retryAfterSeconds: Number(retryAfter) }) };
}
