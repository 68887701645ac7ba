import { createExecutionContext } from "cloudflare:test";
import { Hono } from "hono";
import { type AuthOptions, requireAuth } from "../../src/sdk/index.ts";

/** A Worker whose route requires authentication with these options. */
export function guarded(options: AuthOptions) {
  const app = new Hono().get("/", requireAuth(options), (c) => c.json(c.var.auth));
  return async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await app.request("/", { headers }, {}, createExecutionContext());
    const { status } = response;
    // biome-ignore lint/suspicious/noExplicitAny: tests read any response
    const json = (await response.json()) as any;
    return {
      status,
      challenge: response.headers.get("www-authenticate"),
      headers: response.headers,
      json,
    };
  };
}

export const bearing = (token: string) => `Bearer ${token}`;
