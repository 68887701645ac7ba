/** The types that describe a route to the API reference and to the rate limiter. */
import type * as z from "zod/mini";
import type { RateLimitName } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

interface OperationAnswer {
  status: 200 | 201 | 202 | 204 | 303;
  description: string;
  schema?: z.ZodMiniType;
  /** The media types. `application/json` if it is omitted. */
  type?: string | string[];
  example?: unknown;
}

/**
 * The documentation of one route. `scripts/openapi.ts` adds the errors that follow from the other
 * members, such as `unauthenticated`, and an example of each. `test/openapi.test.ts` sends the
 * example of the body and compares the answer with the example of the answer.
 */
export interface Operation {
  /** The `operationId`: a verb in camelCase, such as `listSessions`. Generated clients use it. */
  id: string;
  tag: string;
  summary: string;
  description: string;
  /** The route requires an access token, or accepts one as one of several credentials. */
  bearer?: true | "optional";
  /** The route accepts the cookie with the refresh token. */
  cookie?: true;
  /** The parameters in the path, by name. */
  params?: Record<string, { description: string; example: string }>;
  query?: z.ZodMiniObject;
  body?: z.ZodMiniType;
  /** The body may be omitted. */
  bodyOptional?: true;
  /** A JSON body that succeeds. Tests replace its codes and tokens by real ones. */
  example?: object;
  /** The schema of the same input as a URL-encoded form. Without `body`, a form is required. */
  form?: z.ZodMiniType;
  /** Failures are RFC 6749 errors, also without a form. */
  oauth?: true;
  formExample?: Record<string, string>;
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

/**
 * The schemas of a feature by the names that they have in the API reference and in generated
 * clients. The schema of every body and every JSON answer has a name.
 */
export type Schemas = Record<string, z.ZodMiniType>;
