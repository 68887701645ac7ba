import type { SecondFactorStep } from "./contract/factors.ts";
import type { ErrorCode } from "./errors.ts";

/** The reason why a field is invalid. A code keeps its meaning; `/docs/errors` lists them all. */
export type FieldCode =
  | "required"
  | "unknown_field"
  | "wrong_type"
  | "invalid_format"
  | "invalid_value"
  | "too_short"
  | "too_long"
  | "out_of_range"
  | "conflict"
  | "mismatch"
  | "missing_address"
  | "taken"
  | "unchanged"
  | "unsupported_phone"
  | "common_password"
  | "breached_password"
  | "identifier_as_password"
  | "invalid_setting";

/** An error in one field of a request. `path` is the wire name, with dots for nested fields. */
export interface FieldError {
  path: string;
  code: FieldCode;
  message: string;
}

export interface Ok<T> {
  ok: true;
  value: T;
}

export interface Err {
  ok: false;
  code: ErrorCode;
  errors?: FieldError[];
  /** A description of this occurrence, which replaces the general text of the code. */
  detail?: string;
  /** The wait before the next attempt, in seconds, if it is known. */
  retryAfterSeconds?: number;
  /** How a sign-in goes on, for `second_factor_required` and `enrollment_required`. */
  secondFactor?: SecondFactorStep;
  /** The code beside a link, for `other_browser`. */
  otp?: string;
  /** The level that a re-authentication has to reach (RFC 9470). */
  acr?: "aal2";
  /** The scope that the access token lacks, for `insufficient_scope`. */
  scope?: string;
}

/** The result of an act. An expected failure is a value; exceptions are for bugs. */
export type Result<T = void> = Ok<T> | Err;

export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T) {
  return { ok: true, value };
}

/** Creates a failure. `errors` lists the invalid fields, if any. */
export function err(code: ErrorCode, errors?: FieldError[]): Err {
  return errors ? { ok: false, code, errors } : { ok: false, code };
}
