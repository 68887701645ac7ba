import { env as bindings } from "cloudflare:workers";
import { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import { AuthService } from "../../src/entrypoints/rpc/auth-service.ts";
import worker from "../../src/index.ts";
import { requireAuth } from "../../src/sdk/index.ts";
import { instrument, type Measurable } from "../instrument.ts";

export { AuthService };

/** Another Worker that checks access tokens over a service binding. */
const { AUTH: auth } = bindings as unknown as { AUTH: AuthService };
// A deployment of Gatehouse leaves out the other router, see `alias` in wrangler.toml.
const app = new Hono({ router: new TrieRouter() }).get("/verify", requireAuth({ auth, tier: "local" }), (c) =>
  c.json({ sub: c.var.auth.sub }),
);

const both = {
  ...worker,
  fetch: (request: Request, env: Env, context: ExecutionContext) =>
    new URL(request.url).pathname === "/verify"
      ? app.fetch(request, env, context)
      : (worker as Measurable<Env>).fetch(request, env, context),
};

export default instrument(both as Measurable<Env>, { d1: "DB", kv: "DENYLIST", queue: "MESSAGES" });
