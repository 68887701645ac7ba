import { type Schema, Validator } from "@cfworker/json-schema";
import document from "../../public/openapi.json" with { type: "json" };

interface Example {
  $ref?: string;
  value?: unknown;
}

interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, Example>;
}
type Content = Record<string, Media>;

interface Operation {
  operationId?: string;
  description?: string;
  parameters?: { name: string; in: string; description?: string; example?: unknown }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { headers?: Record<string, unknown>; content?: Content }>;
}

const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const patterns = Object.entries(paths).map(([path, item]) => {
  const pattern = path.replace(/[.]/g, "\\.").replace(/{\w+}/g, "[^/]+");
  return { pattern: new RegExp(`^(/api/v1)?${pattern}$`), item };
});
const PROBLEM = "application/problem+json";
const TEXT: Schema = { type: "string" };

/** `METHOD /path` of every operation in the document. */
export const documentedRoutes = Object.entries(paths).flatMap(([path, item]) =>
  Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The description of a route; throws where there is none. */
export function operationOf(route: string): Operation {
  const [method = "", path = ""] = route.split(" ");
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`The OpenAPI document has no ${route}`);
  return operation;
}

const bodyOf = (route: string) => operationOf(route).requestBody;

/** The body of a success of an operation, by its status. Undefined if it has no body. */
export const successesOf = ({ responses }: Operation): Record<string, Media | undefined> =>
  Object.fromEntries(
    Object.entries(responses)
      .filter(([status]) => status < "400")
      .map(([status, { content = {} }]) => [status, Object.values(content)[0]]),
  );

/** Every body that an operation takes or returns, with where it stands. */
export const mediaOf = ({ requestBody, responses }: Operation): [string, Media][] => [
  ...contentOf("body", requestBody?.content),
  ...Object.entries(responses).flatMap(([status, { content }]) => contentOf(status, content)),
];
const contentOf = (where: string, content: Content = {}) =>
  Object.entries(content).map(([type, media]): [string, Media] => [`${where} ${type}`, media]);

const SHARED_EXAMPLES: Record<string, Example> = document.components.examples;

/** The values of the examples of a body. */
export const examplesOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ $ref, value }) =>
    $ref ? SHARED_EXAMPLES[$ref.split("/").at(-1) ?? ""]?.value : value,
  ),
];

/** A validator first resolves every reference, which takes longer than a small test. */
const validators = new WeakMap<Schema, Validator>();

/** Returns what a schema of the document rejects in a value. */
export function rejectionsOf(schema: Schema, value: unknown) {
  const validator =
    validators.get(schema) ?? new Validator({ ...schema, components: document.components } as Schema, "2020-12", false);
  validators.set(schema, validator);
  return validator.validate(value).errors;
}

/** The routes that take a JSON body, and those whose body is optional. */
export const routesWithBody = documentedRoutes.filter((route) => "application/json" in (bodyOf(route)?.content ?? {}));
export const routesWithOptionalBody = routesWithBody.filter((route) => !bodyOf(route)?.required);

/** Throws if the OpenAPI document does not allow the answer to this request. */
export async function expectDocumented(request: Request, response: Response) {
  const { pathname } = new URL(request.url);
  const what = `${request.method} ${pathname} → ${response.status}`;
  // The router decodes needlessly escaped characters and ignores a slash at the end as well.
  const path = pathname.replace(/(?<=.)\/$/, "").replace(/%[2-7][0-9a-f]/gi, decodeURIComponent);
  const schema = schemaOf(request.method, path, response, what);
  const text = await response.text();
  if (!schema) {
    if (text !== "") throw new Error(`${what}: a body where none is documented`);
    return;
  }
  if (request.method === "HEAD") return;

  const isJson = response.headers.get("content-type")?.includes("json");
  const errors = rejectionsOf(schema, isJson ? JSON.parse(text) : text);
  if (errors.length > 0) throw new Error(`${what}: ${JSON.stringify(errors)} in ${text}`);
}

function schemaOf(method: string, pathname: string, response: Response, what: string): Schema | undefined {
  const type = response.headers.get("content-type")?.split(";")[0];
  const item = patterns.find(({ pattern }) => pattern.test(pathname))?.item;
  const operation = item?.[method === "HEAD" ? "get" : method.toLowerCase()];
  // A browser is redirected, or gets a page for these paths and for failures.
  if ([303, 307].includes(response.status)) return undefined;
  if (type === "text/html" && (["/", "/dev/outbox"].includes(pathname) || response.status >= 400)) return TEXT;
  if (!operation) {
    if (method === "OPTIONS" && response.status === 204) return undefined;
    // The hosted pages are not part of the API.
    if (["text/html", "text/css", "text/javascript", "image/svg+xml"].includes(type ?? "")) return TEXT;
    // What the script of a page asks the browser with.
    if (pathname.endsWith("/options") && response.ok) {
      const { AuthenticationOptions, RegistrationOptions } = document.components.schemas;
      return (pathname.includes("add-factor") ? RegistrationOptions : AuthenticationOptions) as Schema;
    }
    // Clients get OAuth errors, also for another method.
    if (/^\/oauth\//.test(pathname) && type === "application/json" && response.status >= 400)
      return document.components.schemas.OAuthError as Schema;
    // A request to a page can fail like one to the API, or come from another site.
    const expected = [400, 401, 403, 404, 413, 415, 421, 429, 503, ...(item ? [405] : [])];
    if (type !== PROBLEM || !expected.includes(response.status)) throw new Error(`${what}: undocumented`);
    return document.components.schemas.Problem as Schema;
  }

  const answer = operation.responses[response.status];
  if (!answer) throw new Error(`${what}: undocumented status`);
  for (const name of Object.keys(answer.headers ?? {}))
    if (!response.headers.has(name)) throw new Error(`${what}: without the documented header ${name}`);
  if (!answer.content) return undefined;
  const content = answer.content[type ?? ""];
  if (!content) throw new Error(`${what}: undocumented type ${type}`);
  return content.schema;
}
