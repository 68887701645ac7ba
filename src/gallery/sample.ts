/** The kinds of page states: a form, a page that answers a request, and a view of sample data. */
import type { Context, Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { failurePage } from "../pages/failure-page.tsx";
import type { FormValues } from "../pages/fields.tsx";
import { shownForms } from "../pages/form-page.tsx";
import type { SignedInEnv } from "../pages/session.ts";
import { type Err, err, type FieldCode } from "../result.ts";
import { SESSION } from "./sample-data.ts";

export type SampleContext = Context<SignedInEnv>;

type Cookies = Record<string, string>;

export interface Sample {
  /** The address of the page that is shown. */
  path: string;
  /** The cookies of its state, without their prefix. */
  cookies?: Cookies | ((deps: Deps) => Promise<Cookies>);
  /** Settings that differ from those of the developer. */
  settings?: Partial<Deps["config"]>;
  page: ((c: SampleContext) => Response | Promise<Response>) | Hono<AppEnv>;
}

/** The form of a page with these values, as refused for this reason. */
export const form = (
  path: string,
  values: FormValues = {},
  failure?: Err,
  cookies: Sample["cookies"] = {},
): Sample => ({
  path,
  cookies,
  page: (c) => shownForms.get(new URL(c.req.url).pathname)?.(c, values, failure) ?? failurePage(c, err("not_found")),
});

/** The same page of a service without passwords. */
export const codesOnly = (sample: Sample): Sample => ({ ...sample, settings: { LOGIN_METHODS: ["email_code"] } });

export const passkeysOnly = (sample: Sample): Sample => ({ ...sample, settings: { LOGIN_METHODS: ["passkey"] } });

/** The answer of these pages to a request. */
export const visit = (page: Hono<AppEnv>, path: string, cookies: Sample["cookies"] = {}): Sample => ({
  path,
  cookies,
  page,
});

/** A page rendered from sample data. */
export const view = (
  path: string,
  page: (c: SampleContext) => Promise<Response>,
  cookies: Sample["cookies"] = {},
): Sample => ({
  path,
  cookies,
  page,
});

/** The form, for a user who signed in with a passkey. */
export const byPasskey = (path: string, cookies?: Sample["cookies"], values: FormValues = {}): Sample => {
  const { page, ...sample } = form(path, values, undefined, cookies);
  return {
    ...sample,
    page(c: SampleContext) {
      c.set("session", { ...SESSION, amr: ["hwk", "user", "mfa"], authenticatedAt: Date.now() / 1000 });
      return typeof page === "function" ? page(c) : failurePage(c, err("not_found"));
    },
  };
};

/** A refusal that marks these fields. */
export const refused = (fields: Record<string, FieldCode>, code: ErrorCode = "invalid_request"): Err =>
  err(
    code,
    Object.entries(fields).map(([path, reason]) => ({ path, code: reason, message: "" })),
  );

export const WRONG_PASSWORD = err("invalid_credentials");
export const WRONG_CODE = err("invalid_code");
export const RECOVERY = { use: "recovery_code" };
