import type * as z from "zod";
import type { ErrorCode } from "../errors.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** What a route does that is limited for each address: it guesses a secret, has a message sent, or creates an account. */
export type RateLimitName = "credentials" | "messages" | "registration";

/** What the API reference says of one route. The errors that every route of its kind has are not repeated here. */
export interface Operation {
  tag: string;
  summary: string;
  description?: string;
  /** Asks for an access token, or takes one among others. */
  bearer?: true | "optional";
  body?: z.ZodType;
  /** The body may be left out. */
  bodyOptional?: true;
  /** The same thing as a URL-encoded form. */
  form?: z.ZodType;
  answer: { status: 200 | 201 | 202 | 204; description: string; schema?: z.ZodType; type?: string };
  rateLimits?: RateLimitName[];
  errors?: ErrorCode[];
}

/** The routes of a feature by method and path, as in `"POST /auth/login"`. Kept beside the routes in `openapi.ts`, which
 *  only the build reads, so that no word of it is in the bundle. */
export type Operations = Record<`${Method} /${string}`, Operation>;
