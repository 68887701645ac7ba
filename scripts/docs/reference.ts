/** Renders the API reference at `/docs` from the OpenAPI document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, raw } from "hono/html";
import { document, type Html, inline, prose } from "./document.ts";

/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface OpenApi {
  info: { title: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security?: Record<string, string[]>[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

type Content = Record<string, { schema: Schema; example?: unknown }>;

interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  enum?: string[];
  format?: string;
  pattern?: string;
  default?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

const PROBLEM = "application/problem+json";

/** Renders the API reference, after the first steps. */
export function referencePage({ info, tags, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const groups = tags.map((tag) => ({
    ...tag,
    members: operations.filter((operation) => operation.tags[0] === tag.name),
  }));
  const schemas = Object.entries(components.schemas);
  return document(
    "API reference",
    html`<nav aria-label="Contents">
<ul>
<li><a href="#first-steps">First steps</a></li>
${groups.map(
  ({ name, members }) => html`<li>${name}<ul>
${members.map(
  ({ operationId, method, path }) =>
    html`<li><a href="#${operationId}"><span class="method">${method}</span> <code>${path}</code></a></li>\n`,
)}</ul></li>\n`,
)}<li>Schemas<ul>
${schemas.map(([name]) => html`<li><a href="#${name}">${name}</a></li>\n`)}</ul></li>
<li><a href="/docs/errors">Error codes</a></li>
<li><a href="/docs/verify-tokens">Verify access tokens</a></li>
</ul>
</nav>
<main>
<h1>${info.title}</h1>
${prose(info.description)}
${raw(readFileSync(join(import.meta.dirname, "first-steps.html"), "utf8"))}
${groups.map(
  ({ name, description, members }) =>
    html`<h2>${name}</h2>\n${prose(description)}${members.map((operation) => operationSection(operation, components.schemas))}`,
)}
<h2>Schemas</h2>
${schemas.map(([name, schema]) => html`<section id="${name}"><h3>${name}</h3>${fields(schema)}</section>\n`)}
</main>`,
  );
}

function operationSection(
  operation: Operation & { method: string; path: string },
  schemas: Record<string, Schema>,
): Html {
  const { operationId, method, path, summary, description, security, requestBody, responses } = operation;
  const answers = Object.entries(responses);
  const isFailure = (content?: Content) => content !== undefined && PROBLEM in content;
  return html`<section id="${operationId}">
<h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${summary}.</p>
${prose(description)}
${security && html`<p>Access token: ${security.some((way) => Object.keys(way).length === 0) ? "optional" : "required"}.</p>`}
${
  requestBody &&
  Object.entries(requestBody.content).map(
    ([type, { schema, example }]) =>
      html`<h4>Request body: <code>${type}</code></h4>\n${fields(schemas[nameOf(schema)] ?? schema)}${exampleOf(example)}`,
  )
}
<h4>Responses</h4>
<ul>
${answers
  .filter(([, { content }]) => !isFailure(content))
  .map(
    ([status, answer]) =>
      html`<li>${status}: ${inline(answer.description)}${content(answer.content)}${exampleOf(first(answer.content)?.example)}</li>\n`,
  )}${answers
  .filter(([, { content }]) => isFailure(content))
  .map(
    ([status, { content }]) => html`<li>${status}: ${joined(codesOf(content?.[PROBLEM]?.schema), ", ")}</li>\n`,
  )}</ul>
</section>
`;
}

const first = (content: Content | undefined) => content && Object.values(content)[0];

/** Renders an example, unless it is only text. */
const exampleOf = (example: unknown): Html | string =>
  typeof example === "object" ? html`<pre>${JSON.stringify(example, null, 2)}</pre>\n` : "";

/** Renders the body of a success, unless it is only text. */
function content(given: Content | undefined): Html | string {
  const schema = first(given)?.schema;
  if (!schema || schema.type === "string") return "";
  return schema.$ref || schema.anyOf ? html` ${typeOf(schema)}` : fields(schema);
}

const codesOf = (schema: Schema | undefined) =>
  schema?.allOf
    ?.flatMap(({ properties: { code } = {} }) => code?.enum ?? [])
    .map((code) => html`<a href="/docs/errors#${code}"><code>${code}</code></a>`) ?? [];

function fields({ properties, required = [] }: Schema): Html | string {
  if (!properties) return "";
  return html`<dl>
${Object.entries(properties).map(
  ([name, schema]) =>
    html`<div><dt><code>${name}</code></dt><dd>${typeOf(schema)}${required.includes(name) ? "" : ", optional"}${
      schema.default === undefined ? "" : html`, default <code>${schema.default}</code>`
    }${schema.description ? html`. ${inline(schema.description)}` : ""}</dd></div>\n`,
)}</dl>
`;
}

/** The name of the component that a schema refers to. */
const nameOf = ({ $ref = "" }: Schema) => $ref.slice($ref.lastIndexOf("/") + 1);

/** Describes the type of a value. */
function typeOf(schema: Schema): Html {
  if (schema.$ref) {
    const name = nameOf(schema);
    return html`<a href="#${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeOf), " or ");
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values)
    return joined(
      values.map((value) => html`<code>${value}</code>`),
      " or ",
    );
  if (schema.items)
    return html`list of ${schema.items.properties ? html`objects: ${fields(schema.items)}` : typeOf(schema.items)}`;
  if (schema.properties) return html`object: ${fields(schema)}`;
  const limits = limitsOf(schema);
  return html`${schema.format ?? [schema.type ?? "anything"].flat().join(" or ")}${
    limits.length > 0 ? html` (${joined(limits, ", ")})` : ""
  }`;
}

const joined = (items: (Html | string)[], separator: string) =>
  html`${items.map((item, n) => html`${n > 0 ? separator : ""}${item}`)}`;

function limitsOf(schema: Schema): (Html | string)[] {
  const { minLength, maxLength, minimum, maximum, format, pattern } = schema;
  return [
    ...(maxLength === undefined ? [] : [`${minLength ? `${minLength} to ` : "at most "}${maxLength} characters`]),
    ...(minimum === undefined ? [] : [`${minimum} or more`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    // The name of a format is shorter than its pattern.
    ...(pattern === undefined || format !== undefined ? [] : [html`<code>${pattern}</code>`]),
  ];
}
