/**
 * The configuration of Portman: each operation is sent once, with its example, and its answer is
 * checked against the document. Each has an account of its own, so their order does not matter.
 */
import { FACTOR_ROUTES } from "../support/factor-routes.ts";
import { routeOf } from "../support/routes.ts";
import { createAccount } from "./account.ts";

/** More would be refused: the service hashes one password at a time. */
const AT_A_TIME = 4;

/** Removes the operations that only an operator can prepare. */
export function withoutOperators({ paths, ...rest }: OpenApi): OpenApi {
  const kept = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item).filter(([method]) => !routeOf(`${method.toUpperCase()} ${path}`).needsOperator),
    ),
  ]);
  return { ...rest, paths: Object.fromEntries(kept) };
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  operationId: string;
  security?: object[];
  requestBody?: { content: Record<string, { example?: object }> };
  responses: object;
}

/** Creates an account for each operation that needs one, and the configuration that uses them. */
export async function configure({ paths }: OpenApi, server: string) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  const overwrites: object[] = [];
  // Codes of apps expire soon, so these come last.
  const left = operations
    .toSorted((a, b) => Number(a.route in FACTOR_ROUTES) - Number(b.route in FACTOR_ROUTES))
    .entries();
  const worker = async () => {
    for (const [n, operation] of left) overwrites.push(await overwriteOf(operation, server, n));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const every = { openApiOperation: "*::/*" };
  const on = { enabled: true };
  return {
    version: 1,
    tests: {
      contractTests: [
        ...operations.map(({ operationId, responses }) => ({
          openApiOperationId: operationId,
          statusCode: { ...on, code: Number(Object.keys(responses).find((status) => status < "300")) },
        })),
        { ...every, contentType: on },
        { ...every, jsonBody: on },
        { ...every, schemaValidation: on },
        { ...every, headersPresent: on },
      ],
    },
    overwrites,
  };
}

/** Replaces what the example of an operation cannot know: the account, its tokens and codes. */
async function overwriteOf(operation: Operation & { route: string }, server: string, n: number) {
  const { route, operationId, security = [], requestBody } = operation;
  const { prepare } = routeOf(route);
  const example = requestBody?.content["application/json"]?.example ?? {};
  const takesBearer = security.some((scheme) => "bearer" in scheme);
  // An operation without input needs no account.
  const account = takesBearer || requestBody ? await createAccount(server, n) : undefined;
  const { path = "", token, fields = {}, cookies = {} } = (account && (await prepare?.(account))) ?? {};
  const body = account ? JSON.parse(account.personal(JSON.stringify(example))) : {};
  const isSent = ([key]: [string, unknown]) => key in body;
  return {
    openApiOperationId: operationId,
    overwriteRequestBody: Object.entries({ ...body, ...Object.fromEntries(Object.entries(fields).filter(isSent)) }).map(
      ([key, value]) => ({ key, value, overwrite: true }),
    ),
    overwriteRequestHeaders: Object.entries(cookies).map(([name, value]) => ({
      key: "Cookie",
      value: `__Host-${name}=${value}`,
      insert: true,
      overwrite: true,
    })),
    ...(path && { overwriteRequestPathVariables: pathVariables(route, path) }),
    overwriteRequestSecurity:
      account && takesBearer ? { bearer: { token: token ?? account.own.access_token } } : { remove: true },
  };
}

/** Compares a path with its template. */
function pathVariables(route: string, path: string) {
  const values = path.split("/");
  return route
    .slice(route.indexOf("/"))
    .split("/")
    .flatMap((segment, n) =>
      segment.startsWith("{") ? [{ key: segment.slice(1, -1), value: values[n], overwrite: true }] : [],
    );
}
