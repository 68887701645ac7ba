import type { SecondFactorStep } from "../contract/factors.ts";
import type { ErrorCode } from "../errors.ts";
import type { FieldError } from "../result.ts";
import { type StepUp, stepUpOf } from "./step-up-challenge.ts";

/**
 * Why a call failed on this side: `unreachable` if no response of the service arrived,
 * `storage_failed` if the storage of the app did not return the refresh token; and for passkeys,
 * `canceled` by the user or by another request, `passkeys_unsupported` by the browser, or
 * `passkey_failed` for anything else that the browser reports.
 */
export type ClientCode = "unreachable" | "storage_failed" | "canceled" | "passkeys_unsupported" | "passkey_failed";

/** A failed call, with a code of the service or of the client. */
export interface Failure {
  ok: false;
  code: Exclude<ErrorCode, NextStep["code"] | OtherBrowser["code"]> | ClientCode;
  /** The invalid fields, each with a code. */
  errors?: FieldError[];
  /** The time to wait before a retry, if the service says it. */
  retryAfterSeconds?: number;
  /** What `reauthenticate` has to reach before a retry, for `reauthentication_required`. */
  stepUp?: StepUp;
  /** The error of the app's storage or of the browser. */
  cause?: unknown;
}

export type ClientResult<T = void> = { ok: true; value: T } | Failure;

/**
 * The first factor of a sign-in is right, and the account has a second one. Pass `login_token` to
 * `secondFactor` within five minutes.
 */
export interface SecondFactorRequired extends SecondFactorStep {
  ok: false;
  code: "second_factor_required";
}

/**
 * The first factor of a sign-in is right, and the service requires a second one, which the account
 * lacks. Pass `login_token` to the methods of `enroll` within ten minutes. `factors` are those that
 * can be added.
 */
export interface EnrollmentRequired extends SecondFactorStep {
  ok: false;
  code: "enrollment_required";
}

type NextStep = SecondFactorRequired | EnrollmentRequired;

/** The result of a way to sign in. */
export type SignInResult = ClientResult | NextStep;

/**
 * The link was requested in another browser, so it signs nobody in here. Show `otp`: the user types
 * it in the browser that requested the link.
 */
export interface OtherBrowser {
  ok: false;
  code: "other_browser";
  otp: string;
}

/**
 * Three attempts with this deadline, and the pauses between them, fit into the default
 * `REFRESH_REUSE_WINDOW_SECONDS`.
 */
const DEADLINE_MILLISECONDS = 8000;

/** A call of the service. */
export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: object | undefined;
  token?: string | undefined;
}

/** Sends a call. Never throws. */
export type Send = <T>(call: Call) => Promise<ClientResult<T>>;

/** Sends a call with the access token of the user. */
export type Act = <T = void>(call: Call) => Promise<ClientResult<T>>;

/** Sends a call that opens a session. Returns what `pick` takes from the answer. */
export type SignIn = <A = unknown, T = void>(
  path: string,
  input: object,
  pick?: (answer: A) => T,
) => Promise<ClientResult<T>>;

export type ReplacingMethod = "POST" | "DELETE";

/**
 * Sends a call whose answer has the tokens of the session that replaces the current one. Returns
 * what `pick` takes from the answer.
 */
export type ReplaceSession = <A = unknown, T = void>(
  method: ReplacingMethod,
  path: string,
  input: object,
  pick?: (answer: A) => T,
) => Promise<ClientResult<T>>;

/** Calls `fetch`, or what an app uses instead of it. */
export type Fetch = (input: Request | string, init?: RequestInit) => Promise<Response>;

/** Creates a function that sends calls to the service at `baseUrl`. */
export const createSend =
  (baseUrl: string, withCookie: boolean, fetch: Fetch): Send =>
  async <T>({ method, path, query, body, token }: Call): Promise<ClientResult<T>> => {
    const init = {
      method,
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MILLISECONDS),
      // workerd does not support `credentials`.
      ...(withCookie && "credentials" in Request.prototype && { credentials: "include" }),
    };
    try {
      const response = await fetch(baseUrl + path + textOf(query), init as RequestInit);
      const isJson = response.headers.get("content-type")?.includes("json");
      const value = isJson ? await response.json() : undefined;
      // A proxy or a captive portal may respond with 200 and a page of its own.
      if (response.ok && (isJson || EMPTY.includes(response.status))) return { ok: true, value: value as T };
      return failureOf(value, response);
    } catch {
      return { ok: false, code: "unreachable" };
    }
  };

/** Returns the query of a URL. Leaves out what is undefined. */
function textOf(query: Call["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

type Problem = Failure & SecondFactorStep & Pick<OtherBrowser, "otp">;

/** The statuses without a body: 202 Accepted and 204 No Content. */
const EMPTY = [202, 204];

/**
 * Reads a problem. The error page of a proxy has no code, so it counts as `unreachable`. The result
 * of a sign-in may also be a `SecondFactorRequired`, an `EnrollmentRequired` or an `OtherBrowser`.
 */
function failureOf(problem: unknown, response: Response): Failure {
  const { code = "unreachable", errors, login_token, factors, otp } = (problem ?? {}) as Partial<Problem>;
  const retryAfter = response.headers.get("retry-after");
  const stepUp = stepUpOf(response);
  return {
    ok: false,
    code,
    ...(errors && { errors }),
    ...(login_token && { login_token, factors }),
    ...(otp && { otp }),
    ...(retryAfter && { retryAfterSeconds: Number(retryAfter) }),
    ...(stepUp && { stepUp }),
  };
}
