/** Creates the OpenAPI document from the `openapi.ts` files of the features. */
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { type ErrorCode, errors } from "../src/errors.ts";
import type { Operation, Operations } from "../src/http/operation.ts";
import { OAuthError } from "../src/schemas/oauth-error.ts";
import { Problem } from "../src/schemas/problem.ts";
import { Tokens } from "../src/schemas/tokens.ts";
import { User } from "../src/schemas/user.ts";

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

const DESCRIPTION = `Authentication for a team, deployed as one Cloudflare Worker.

Names are in snake_case, times are ISO 8601 in UTC, durations are in seconds. An error response is
\`application/problem+json\` (RFC 9457). Its \`code\` never changes its meaning, and its \`type\` links to
[the list of codes](/docs/errors). An unknown path returns 404 \`not_found\`, an unsupported method 405
\`method_not_allowed\`.`;

/** Creates the OpenAPI 3.1 document of these features. */
export function createOpenApi(features: Operations[]) {
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Gatehouse", version: "1", description: DESCRIPTION },
    servers: [{ url: "/" }, { url: "/api/v1" }],
    tags: [
      { name: "Sign in", description: "Create an account, verify its addresses, and start a session." },
      { name: "Recovery", description: "Set a new password without the old one." },
      { name: "Sessions", description: "Refresh, list and end sessions." },
      { name: "Account", description: "Read and change the account of the current user." },
      { name: "Service", description: "Keys, documentation and health." },
    ],
    security: [],
    paths: toPaths(Object.assign({}, ...features)),
    components: {
      schemas: { User, Tokens, Problem, OAuthError },
      securitySchemes: {
        password: {
          type: "oauth2",
          description: "Signs in with an identifier and a password. Leave the client empty.",
          flows: { password: { tokenUrl: "/auth/login", scopes: {} } },
        },
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  });
}

function toPaths(operations: Operations): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(method, path, operation) };
  }
  return paths;
}

function toOperation(method: string, path: string, operation: Operation): ZodOpenApiOperationObject {
  const { tag, summary, description, answer, bearer, rateLimits, query, body, bodyOptional, form } = operation;
  const parameters = [...path.matchAll(/{(\w+)}/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    schema: { type: "string" as const },
  }));
  return {
    operationId: [method.toLowerCase(), ...(path.match(/\w+/g) ?? ["root"])].join("_"),
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(bearer && { security: [...(bearer === "optional" ? [{}] : []), { password: [] }, { bearer: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(query && { requestParams: { query } }),
    ...(body && { requestBody: { required: !bodyOptional, content: toContent(body, form) } }),
    responses: {
      ...toAnswer(answer),
      ...(operation.otherAnswer && toAnswer(operation.otherAnswer)),
      ...toProblems(form !== undefined, [
        ...(operation.errors ?? []),
        ...(form ? (["unsupported_grant_type"] as const) : []),
        ...(bearer ? (["unauthenticated"] as const) : []),
        ...(body ? BODY_ERRORS : []),
        ...(query ? (["invalid_request"] as const) : []),
        ...(rateLimits || (bearer && method !== "GET") ? (["too_many_requests", "check_unavailable"] as const) : []),
        ...ANY_ERRORS,
      ]),
    },
  };
}

const toAnswer = ({ status, description, schema, type = "application/json" }: Operation["answer"]) => ({
  [status]: { description, ...(schema && { content: { [type]: { schema } } }) },
});

const toContent = (json: Operation["body"], form: Operation["form"]) => ({
  "application/json": { schema: json! },
  ...(form && { "application/x-www-form-urlencoded": { schema: form } }),
});

/**
 * Creates one response per status. Its schema allows only the codes with that status. The answer to
 * a form is an error of OAuth 2.0.
 */
function toProblems(takesForm: boolean, codes: ErrorCode[]) {
  const byStatus = Object.groupBy(codes, (code) => String(errors[code].status));
  const answers = Object.entries(byStatus).map(([status, same = []]) => [
    status,
    {
      description: same.map((code) => `\`${code}\`: ${errors[code].detail}`).join("\n\n"),
      content: {
        "application/problem+json": {
          schema: {
            allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: same } } }],
          },
        },
        ...(takesForm && { "application/json": { schema: OAuthError } }),
      },
    },
  ]);
  return Object.fromEntries(answers);
}
