import { describe, expect, it } from "vitest";
import document from "../public/openapi.json" with { type: "json" };
import { app } from "../src/entrypoints/http.ts";
import { pages as site } from "../src/entrypoints/pages.ts";
import { errors } from "../src/errors.ts";
import { documentedRoutes, examplesOf, mediaOf, operationOf, rejectionsOf, successesOf } from "./support/openapi.ts";
import type { Fields } from "./support/route.ts";
import { perform, prepare } from "./support/scenarios.ts";
import { createWorld } from "./support/world.ts";

/** The hosted pages. They are not part of the API, except the root. */
const PAGES = site.routes.map(({ path }) => path);

it("the API reference lists exactly the mounted routes, the API also under /api/v1", () => {
  const mounted = app.routes
    .filter(({ method, path }) => method !== "ALL" && !PAGES.includes(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)({.*?})?/g, "{$1}")}`);

  const expected = documentedRoutes
    .filter((route) => route !== "GET /")
    .flatMap((route) => (/\/(\.well-known|oauth)\//.test(route) ? [route] : [route, route.replace(" ", " /api/v1")]));
  expect([...new Set(mounted)].sort()).toEqual(expected.sort());
});

it("the API reference lists every error code", () => {
  expect(document.components.schemas.Problem.properties.code.enum.toSorted()).toEqual(Object.keys(errors).sort());
});

interface Component {
  properties?: Record<string, { description?: string }>;
}

describe("the API reference", () => {
  /** Where the entry of a route is. */
  const ENTRY = "in its entry in src/features/*/openapi.ts";
  const operations = documentedRoutes.map((route) => ({ route, ...operationOf(route) }));
  const bodies = operations.flatMap((operation) =>
    mediaOf(operation).map(([where, media]) => ({ what: `${operation.route}, ${where}`, media })),
  );

  it("names each operation by a verb of its own, for generated clients", () => {
    const ids = operations.map(({ operationId }) => operationId);
    const isVerb = (id = "") => /^[a-z]+([A-Z][a-z]+)*$/.test(id) && !/^(post|put|patch)([A-Z]|$)/.test(id);

    const wrong = operations
      .filter(({ operationId: id }) => !isVerb(id) || ids.indexOf(id) !== ids.lastIndexOf(id))
      .map(({ route, operationId: id }) => `${route}: "${id}". Set \`id\`, such as "listSessions", ${ENTRY}`);
    expect(wrong).toEqual([]);
  });

  it("has an example of every body and every answer", () => {
    const wrong = bodies
      .filter(({ media }) => examplesOf(media).length === 0)
      .map(({ what }) => `${what}: no example. Set \`example\`, \`formExample\` or \`answer.example\` ${ENTRY}`);
    expect(wrong).toEqual([]);
  });

  it("has only examples that their schemas accept", () => {
    const wrong = bodies.flatMap(({ what, media }) =>
      examplesOf(media)
        .map((example) => ({ example, errors: rejectionsOf(media.schema, example) }))
        .filter(({ errors }) => errors.length > 0)
        .map(({ example, errors }) => `${what}: ${JSON.stringify(example)} is rejected: ${JSON.stringify(errors)}`),
    );
    expect(wrong).toEqual([]);
  });

  it("names the schema of every body and every answer, for generated clients", () => {
    const wrong = bodies
      .filter(({ media: { schema } }) => !schema.$ref && !schema.allOf && schema.type !== "string")
      .map(({ what }) => `${what}: an unnamed schema. Add it to \`schemas\` in the same src/features/*/openapi.ts`);
    expect(wrong).toEqual([]);
  });

  it("describes every operation, parameter and field", () => {
    const parameters = operations.flatMap(({ route, parameters = [] }) =>
      parameters
        .filter((given) => !given.description || (given.in === "path" && given.example === undefined))
        .map(({ name }) => `${route}: "${name}" has no description or example. Set \`params\` ${ENTRY}`),
    );
    const fields = Object.entries(document.components.schemas as Record<string, Component>).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {})
        .filter(([, field]) => !field.description)
        .map(([field]) => `${name}.${field}: no description. Add "${field}" to scripts/openapi/fields.ts`),
    );
    const texts = operations.filter(({ description }) => !description).map(({ route }) => `${route}: ${ENTRY}`);
    expect([...texts, ...parameters, ...fields]).toEqual([]);
  });

  it("names the deployment as its server when it is served", async () => {
    const { json } = await createWorld({ ISSUER: "https://login.example" }).get("/openapi.json");

    expect(json.servers).toMatchObject([{ url: "https://login.example" }, { url: "https://login.example/api/v1" }]);
    expect({ ...json, servers: document.servers }).toEqual(document);
  });
});

/** The paths of all members of a JSON value, such as `sessions[].id`. */
function shapeOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return shapeOf(value[0], `${path}[]`);
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value)
    .flatMap(([name, inner]) => shapeOf(inner, `${path}.${name}`))
    .sort();
}

const pick = (fields: Fields, names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

/** Its example shows only the first member. */
const ABRIDGED = "GET /openapi.json";
/** It exists only on a development server, and has its own tests. */
const LOCAL = "GET /dev/outbox";
/** It exists only with `OAUTH_DCR`, and has its own tests. */
const OPTIONAL = "POST /oauth/register";

/** Each route, once for each type of body that it takes. */
const requests = documentedRoutes
  .filter((route) => route !== LOCAL && route !== OPTIONAL)
  .flatMap((route) => {
    const content: Record<string, { example?: unknown }> = operationOf(route).requestBody?.content ?? { "no body": {} };
    return Object.entries(content).map(([type, { example }]) => ({
      route,
      type,
      example: example as Fields | undefined,
    }));
  });

it.each(requests)(
  "the example of $route ($type) succeeds, and the answer has the shape of its example",
  async ({ route, type, example: input }) => {
    const successes = successesOf(operationOf(route));
    const { world, scenario } = await prepare(route);
    const { body: _, fields, ...request } = scenario;
    const body = input && { ...input, ...pick(fields, Object.keys(input)) };
    const isForm = type.endsWith("urlencoded");

    const answer = await perform(world, { ...request, fields, ...(body && { [isForm ? "form" : "body"]: body }) });

    expect(Object.keys(successes)).toContain(`${answer.status}`);
    const example = successes[answer.status]?.example;
    if (answer.json && route !== ABRIDGED) expect(shapeOf(answer.json)).toEqual(shapeOf(example));
  },
);
