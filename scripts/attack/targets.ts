import { randomUUID } from "node:crypto";
import { PASSWORD } from "../../test/support/passwords.ts";
import { ROUTES } from "../../test/support/routes.ts";

const METHODS = ["get", "post", "patch", "delete"] as const;
const LOGIN = "/auth/login";
const COOKIE = "__Host-refresh_token";
/** Replacements for valid bodies that would delete the account under attack. */
const HARMLESS: Record<string, Record<string, unknown>> = {
  "DELETE /users/me": { password: "wrong-horse-7" },
  "POST /users/me/delete": { password: "wrong-horse-7" },
};
/** The only routes that also take the refresh token from a cookie. */
const COOKIE_ROUTES = ["POST /auth/refresh", "POST /auth/logout"];

/** A request to attack. A `*` marks each place in its path and headers to attack. */
export interface Target {
  name: string;
  method: string;
  path: string;
  takesBearer: boolean;
  body?: { json: Record<string, unknown> } | { form: Record<string, string> };
  takesCookie?: boolean;
  /** The only parameter to attack, instead of all. */
  only?: string;
}

/** The account of one target, so that attacks cannot disturb each other. */
export interface Account {
  username: string;
  access_token: string;
  refresh_token: string;
}

type Operation = { security?: object[]; requestBody?: unknown };
type Paths = Record<string, Partial<Record<(typeof METHODS)[number], Operation>>>;

/** Lists a target for each route of the OpenAPI document, and for forms, cookies and pages. */
export async function targetsOf(address: string): Promise<Target[]> {
  const { paths } = (await (await fetch(`${address}/openapi.json`)).json()) as { paths: Paths };
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      return operation ? [targetOf(method.toUpperCase(), path, operation)] : [];
    }),
  );
  const byCookie = COOKIE_ROUTES.map((name) => cookieTarget(name));
  return [...documented, ...byCookie, ...OTHERS, ...PAGES.map(page)];
}

function targetOf(method: string, path: string, { security = [], requestBody }: Operation): Target {
  const name = `${method} ${path}`;
  const takesBearer = security.some((scheme) => "bearer" in scheme);
  const json = HARMLESS[name] ?? ROUTES[name]?.body;
  if (requestBody && !json) throw new Error(`${name} has no valid body in test/support/routes.ts.`);

  const marked = path.replace(/\{\w+\}/g, () => `${randomUUID()}*`);
  if (json) return { name, method, path: marked, takesBearer, body: { json } };
  return takesBearer || marked !== path ? { name, method, path: marked, takesBearer } : page(path);
}

/** A page. If it reads no input, it is attacked with a query that it should ignore. */
const page = (path: string): Target => ({
  name: `GET ${path}`,
  method: "GET",
  path: path.includes("?") ? path : `${path}?id=1`,
  takesBearer: false,
});

function cookieTarget(name: string): Target {
  const [method = "", path = ""] = name.split(" ");
  return { name: `${name} (cookie)`, method, path, takesBearer: false, takesCookie: true };
}

/** Pages that read a query or a cookie. */
const PAGES = [
  "/sign-in?return_to=/account",
  "/verify?notice=resent",
  "/reset-password?token=t",
  "/session/renew?to=/account",
];

const OTHERS: Target[] = [
  {
    name: "POST /auth/login (browser)",
    method: "POST",
    path: LOGIN,
    takesBearer: false,
    body: { json: { identifier: "janedoe", password: PASSWORD } },
    only: "user-agent",
  },
  {
    name: "POST /auth/login (form)",
    method: "POST",
    path: LOGIN,
    takesBearer: false,
    body: { form: { grant_type: "password", username: "janedoe", password: PASSWORD, scope: "s", client_id: "c" } },
  },
  form("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to: "/account" }),
  form("/sign-up", { address: "john.doe@example.com", password: PASSWORD }),
  form("/verify", { identifier: "janedoe", otp: "123456" }),
  form("/forgot-password", { identifier: "janedoe" }),
  form("/reset-password", { token: "t", new_password: PASSWORD, confirm_password: PASSWORD }),
];

/** A form of the hosted pages. */
function form(path: string, fields: Record<string, string>): Target {
  return { name: `POST ${path} (form)`, method: "POST", path, takesBearer: false, body: { form: fields } };
}

/** Builds the arguments of sqlmap for a request, and the number of places that it attacks. */
export function requestOf(target: Target, address: string, account: Account): { args: string[]; places: number } {
  const { method, path, body, takesBearer, takesCookie } = target;
  const headers = [...(takesBearer ? [`Authorization: Bearer ${account.access_token}*`] : []), `Origin: ${address}`];
  const args = ["-u", address + path, "--method", method, "--headers", headers.join("\\n")];
  const names = [...namesOf(target), ...(takesCookie ? [COOKIE] : [])];
  if (takesCookie) args.push("--cookie", `${COOKIE}=${account.refresh_token}`, "--data", "");
  if (body) args.push("--data", personal(textOf(body), account));
  // Each login returns different tokens, so sqlmap has to compare by status.
  if (path === LOGIN) args.push("--code=200");
  // sqlmap skips parameters whose names look like CSRF tokens, unless they are listed.
  if (names.length > 0) args.push("-p", names.join(","));

  const marks = path.split("*").length - 1 + (takesBearer ? 1 : 0);
  return { args, places: names.length + marks };
}

function namesOf({ path, body, only }: Target): string[] {
  if (only) return [only];
  const query = [...new URLSearchParams(path.split("?")[1] ?? "").keys()];
  if (!body) return query;
  return Object.keys("json" in body ? body.json : body.form);
}

/** Serializes a body. The password is last, because wrong passwords lock the account. */
function textOf(body: NonNullable<Target["body"]>): string {
  const { password, ...others } = "json" in body ? body.json : body.form;
  const fields = password ? { ...others, password } : others;
  return "json" in body ? JSON.stringify(fields) : `${new URLSearchParams(fields as Record<string, string>)}`;
}

const personal = (text: string, { username, refresh_token }: Account) =>
  text.replace("janedoe", username).replace("a.b.c", refresh_token);
