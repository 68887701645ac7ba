import type { ErrorCode } from "./errors.ts";

/** What is wrong with one field of a request: `path` is the wire name, dotted where nested. */
export interface FieldError {
  path: string;
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
  /** When it is worth trying again, where that is known. */
  retryAfterSeconds?: number;
}

/** What an act answers: an expected failure is a value, exceptions are for bugs. */
export type Result<T = void> = Ok<T> | Err;

export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T) {
  return { ok: true, value };
}

/** `errors` names the fields at fault, where there are any. */
export function err(code: ErrorCode, errors?: FieldError[]): Err {
  return errors ? { ok: false, code, errors } : { ok: false, code };
}
