/** Creates the OpenAPI document from the `openapi.ts` files of the features. */
import * as z from "zod/mini";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Operation, Operations, Schemas } from "../../src/http/operation.ts";
import { OAuthError } from "../../src/schemas/oauth-error.ts";
import { Problem } from "../../src/schemas/problem.ts";
import { Transport } from "../../src/schemas/tokens.ts";
import { describeFields } from "./fields.ts";
import { errorsOf, headers, problemExamples, toProblems } from "./problems.ts";

const FieldError = Problem.shape.errors.def.innerType.def.element;

/** The exports of the `openapi.ts` of a feature. */
interface FeatureReference {
  operations: Operations;
  schemas?: Schemas;
}

const DESCRIPTION = `Authentication for a team, deployed as one Cloudflare Worker.

In a request, an empty text in an optional field means null, and null means that the field is absent or, in
a change, cleared. Names are in snake_case, times are ISO 8601 in UTC, durations are in seconds. An error response is
\`application/problem+json\` (RFC 9457). Its \`code\` never changes its meaning, and its \`type\` links to
[the list of codes](/docs/errors). An unknown path returns 404 \`not_found\`, an unsupported method 405
\`method_not_allowed\`.`;

/** Creates the OpenAPI 3.1 document of these features. */
export function createOpenApi(features: FeatureReference[]) {
  nameSchemas(Object.assign({ Transport, Problem, FieldError, OAuthError }, ...features.map(({ schemas }) => schemas)));
  const operations: Operations = Object.assign({}, ...features.map((feature) => feature.operations));
  const document = createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Gatehouse",
        version: "1",
        description: DESCRIPTION,
        contact: { name: "The operators of this deployment" },
        license: { name: "MIT", identifier: "MIT" },
      },
      // Relative to where the document is served. The Worker completes them with `ISSUER`.
      servers: [
        { url: "/", description: "This deployment." },
        { url: "/api/v1", description: "The same API under a version." },
      ],
      tags: [
        { name: "Sign in", description: "Create an account, verify its addresses, and start a session." },
        { name: "Recovery", description: "Set a new password without the old one." },
        { name: "Sessions", description: "Refresh, list and end sessions." },
        { name: "API keys", description: "Keys with which programs act for a user." },
        {
          name: "Second factors",
          description: "Authenticator apps, recovery codes and trusted devices of the current user.",
        },
        { name: "Passkeys", description: "Sign in with a passkey, and manage those of the current user." },
        {
          name: "Identities",
          description: "Sign in with accounts at identity providers, and manage those of the current user.",
        },
        { name: "OAuth", description: "For apps that sign users in with the accounts of this service." },
        { name: "Account", description: "Read and change the account of the current user." },
        { name: "Service", description: "Keys, documentation and health." },
      ],
      security: [],
      paths: toPaths(operations),
      components: {
        headers,
        examples: problemExamples(
          Object.entries(operations).flatMap(([route, operation]) => errorsOf(route, operation)),
        ),
        securitySchemes: {
          password: {
            type: "oauth2",
            description: "Signs in with an identifier and a password. Leave the client empty.",
            flows: { password: { tokenUrl: "/auth/login", refreshUrl: "/auth/refresh", scopes: {} } },
          },
          bearer: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description: "The `access_token` of a sign-in or a refresh.",
          },
          cookie: {
            type: "apiKey",
            in: "cookie",
            name: "__Host-refresh_token",
            description:
              "The refresh token, after a sign-in with the transport `cookie`. The request needs an `Origin` that `ALLOWED_ORIGINS` lists.",
          },
        },
      },
    },
    { override: ({ jsonSchema }) => dropSafeRange(jsonSchema) },
  );
  describeFields(document);
  return document;
}

/** Makes components of these schemas wherever they are used. */
function nameSchemas(schemas: Schemas) {
  for (const [id, schema] of Object.entries(schemas))
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
}

/** Removes the limits that `z.int()` gives to every integer. */
function dropSafeRange(schema: { minimum?: number; maximum?: number }) {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
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
  const { id, tag, summary, description, answer, otherAnswer, query, body, bodyOptional } = operation;
  const security = toSecurity(operation);
  const parameters = [...path.matchAll(/{(\w+)}/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    ...operation.params?.[name],
    schema: { type: "string" as const },
  }));
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(security.length > 0 && { security }),
    ...(parameters.length > 0 && { parameters }),
    ...(query && { requestParams: { query } }),
    ...((body || operation.form) && { requestBody: { required: !bodyOptional, content: toContent(operation) } }),
    responses: {
      ...toAnswer(answer),
      ...(otherAnswer && toAnswer(otherAnswer)),
      ...toProblems(errorsOf(`${method} ${path}`, operation), operation.oauth || operation.form !== undefined),
    },
  };
}

const toAnswer = ({ status, description, schema, type = "application/json", example }: Operation["answer"]) => ({
  [status]: {
    description,
    ...(schema && { content: Object.fromEntries([type].flat().map((each) => [each, { schema, example }])) }),
  },
});

/** Returns the alternatives. The empty one allows a request without credentials in its header. */
function toSecurity({ bearer, cookie }: Operation): Record<string, string[]>[] {
  const isOptional = cookie || bearer === "optional";
  return [
    ...(isOptional ? [{}] : []),
    ...(bearer ? [{ password: [] }, { bearer: [] }] : []),
    ...(cookie ? [{ cookie: [] }] : []),
  ];
}

const toContent = ({ body, example, form, formExample }: Operation) => ({
  ...(body && { "application/json": { schema: body, example } }),
  ...(form && { "application/x-www-form-urlencoded": { schema: form, example: formExample } }),
});
