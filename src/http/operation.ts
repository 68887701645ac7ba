/** The types that describe a route to the API reference and to the rate limiter. */
import type * as z from "zod";
import type { RateLimitName } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

interface OperationAnswer {
  status: 200 | 201 | 202 | 204;
  description: string;
  schema?: z.ZodType;
  type?: string;
}

/**
 * The documentation of one route. `scripts/openapi.ts` adds the errors that follow from the other
 * members, such as `unauthenticated`.
 */
export interface Operation {
  tag: string;
  summary: string;
  description?: string;
  /** The route requires an access token, or accepts one as one of several credentials. */
  bearer?: true | "optional";
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body may be omitted. */
  bodyOptional?: true;
  /** The schema of the same input as a URL-encoded form. */
  form?: z.ZodType;
  answer: OperationAnswer;
  /** The answer to some requests, with another status. */
  otherAnswer?: OperationAnswer;
  rateLimits?: RateLimitName[];
  errors?: ErrorCode[];
}

/**
 * The routes of a feature by method and path, such as `"POST /auth/login"`. They are in
 * `openapi.ts`, which only the build imports, so the bundle does not contain the texts.
 */
export type Operations = Record<`${Method} /${string}`, Operation>;
