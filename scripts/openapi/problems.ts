/** The error responses of the API reference: a schema and an example of each code. */
import * as z from "zod/mini";
import { type ErrorCode, errors, titleOf } from "../../src/errors.ts";
import type { Operation } from "../../src/http/operation.ts";
import { OAuthError } from "../../src/schemas/oauth-error.ts";
import { Problem } from "../../src/schemas/problem.ts";

const BODY_ERRORS: ErrorCode[] = ["malformed_body", "body_too_large", "unsupported_media_type", "invalid_request"];
const ANY_ERRORS: ErrorCode[] = [
  "invalid_end_user_ip",
  "invalid_backend_secret",
  "misdirected_request",
  "internal_error",
  "misconfigured",
  "storage_unavailable",
  "database_not_migrated",
];

/** Returns every error of an operation. */
export const errorsOf = (
  route: string,
  { errors: own = [], bearer, body, form, oauth, query, rateLimits }: Operation,
) => [
  ...own,
  ...(form && /login|refresh|token$/.test(route) ? (["unsupported_grant_type"] as const) : []),
  ...(bearer ? (["unauthenticated"] as const) : []),
  ...(bearer === true && !own.includes("insufficient_scope") ? (["insufficient_scope"] as const) : []),
  ...(body || form ? BODY_ERRORS : []),
  ...(query ? (["invalid_request"] as const) : []),
  ...(rateLimits || (bearer && !oauth && !route.startsWith("GET "))
    ? (["too_many_requests", "check_unavailable"] as const)
    : []),
  ...ANY_ERRORS,
];

/**
 * Creates one response per status. Its schema allows only the codes with that status. The answer to
 * a form is an error of OAuth 2.0.
 */
export function toProblems(codes: ErrorCode[], takesForm: boolean) {
  const byStatus = Object.groupBy(codes, (code) => String(errors[code].status));
  const answers = Object.entries(byStatus).map(([status, same = []]) => [
    status,
    {
      description: same.map((code) => `\`${code}\`: ${errors[code].detail}`).join("\n\n"),
      ...(HEADERS[status] && {
        headers: { [HEADERS[status]]: { $ref: `#/components/headers/${HEADERS[status]}` } },
      }),
      content: {
        "application/problem+json": {
          schema: z.intersection(Problem, withCode(same)),
          examples: Object.fromEntries(same.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
        ...(takesForm && { "application/json": { schema: OAuthError, example: OAUTH_ERROR } }),
      },
    },
  ]);
  return Object.fromEntries(answers);
}

/** The part of the schema that limits the codes. It allows the other members of `Problem`. */
const withCode = (codes: ErrorCode[]) =>
  z
    .object({ code: z.enum(codes) })
    .check(z.meta({ override: ({ jsonSchema }) => delete jsonSchema.additionalProperties }));

const OAUTH_ERROR: OAuthError = {
  error: "invalid_grant",
  error_description: errors.invalid_credentials.detail,
  code: "invalid_credentials",
};

/** The header that every response with this status has. */
const HEADERS: Record<string, string> = { 401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After" };

export const headers = {
  "WWW-Authenticate": {
    description: "The challenge (RFC 6750, RFC 9470).",
    required: true,
    schema: { type: "string" as const },
    example: 'Bearer realm="gatehouse"',
  },
  "Retry-After": {
    description: "The time to wait before the next attempt, in seconds.",
    required: true,
    schema: { type: "integer" as const, minimum: 0 },
    example: 60,
  },
};

/** The fields of problems that list them. */
const FIELD_ERRORS: Partial<Record<ErrorCode, Problem["errors"]>> = {
  invalid_request: [{ path: "password", code: "too_short", message: "Must have 8 to 256 characters." }],
  email_taken: [{ path: "email", code: "taken", message: "Taken." }],
  phone_taken: [{ path: "phone", code: "taken", message: "Taken." }],
  username_taken: [{ path: "username", code: "taken", message: "Taken." }],
  misconfigured: [
    {
      path: "ISSUER",
      code: "invalid_setting",
      message: "Must be the origin of the service, such as https://auth.example.com.",
    },
  ],
  not_ready: [{ path: "RESEND_API_KEY", code: "required", message: "Set it and MAIL_FROM, so that mail can be sent." }],
};

/** Creates an example of each problem, by its code. */
export const problemExamples = (codes: ErrorCode[]) =>
  Object.fromEntries(
    [...new Set(codes)].map((code) => {
      const { status, detail } = errors[code];
      const title = titleOf(code);
      const type = `https://auth.example.com/docs/errors#${code}`;
      const fields = FIELD_ERRORS[code];
      const value: Problem = { type, title, status, detail, code, ...(fields && { errors: fields }) };
      return [code, { summary: title, value }];
    }),
  );
