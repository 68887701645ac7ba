import { Hono } from "hono";
import { type AuthOptions, requireAuth } from "../../src/client/index.ts";

/** A Worker of somebody's, guarded as its options say. */
export function guarded(options: AuthOptions) {
  const app = new Hono().get("/", requireAuth(options), (c) => c.json(c.var.auth));
  return async (authorization?: string) => {
    const response = await app.request("/", { headers: authorization === undefined ? {} : { authorization } });
    const { status, headers } = response;
    // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
    const json = (await response.json()) as any;
    return {
      status,
      challenge: headers.get("www-authenticate"),
      headers,
      json,
    };
  };
}

export const bearing = (token: string) => `Bearer ${token}`;
