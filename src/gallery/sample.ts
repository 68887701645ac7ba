/** One state of a page in the gallery, and the ways to show it. */
import type { Context, Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { AppEnv } from "../http/app-env.ts";
import { failurePage } from "../pages/failure-page.tsx";
import type { FormValues } from "../pages/fields.tsx";
import { shownForms } from "../pages/form-page.tsx";
import type { SignedInEnv } from "../pages/session.ts";
import { type Err, err } from "../result.ts";

export type SampleContext = Context<SignedInEnv>;

type Cookies = Record<string, string>;

export interface Sample {
  /** The address of the page that is shown. */
  path: string;
  /** The cookies of its state, without their prefix. */
  cookies?: Cookies | ((deps: Deps) => Promise<Cookies>);
  /** What differs from the settings of the developer. */
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
