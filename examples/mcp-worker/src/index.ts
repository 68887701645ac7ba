/** An MCP server on Workers. Its users sign in with the accounts of the service. */
import { env } from "cloudflare:workers";
import { authenticate, protectedResource, requireAuth } from "gatehouse-auth";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { answer, toolCalledBy } from "./mcp.ts";
import { READ, TOOLS, WRITE } from "./tools.ts";

const { AUTH: auth, RESOURCE: resource } = env;
const MAX_BYTES = 16_384;

export default new Hono()
  // Tells clients where users sign in.
  .use(protectedResource({ auth, resource, scopes: [READ, WRITE] }))
  // Clients in browsers have to read the challenge. There are no cookies.
  .use("/mcp", cors({ origin: "*", exposeHeaders: ["WWW-Authenticate"] }))
  .use("/mcp", requireAuth({ auth, resource, scopes: [READ] }))
  .post("/mcp", bodyLimit({ maxSize: MAX_BYTES }), async (c) => {
    const message: unknown = await c.req.json().catch(() => undefined);
    // Some tools need another scope. A client without it gets 403 and asks the user for it. The
    // session of the token was checked above.
    const scopes = toolCalledBy(message, TOOLS)?.scopes;
    const allowed = scopes && (await authenticate(c.req.raw, { auth, resource, scopes, tier: "local" }));
    if (allowed?.ok === false) return allowed.response;

    const reply = await answer(message, TOOLS, { userId: c.var.auth.sub });
    return reply ? c.json(reply) : c.body(null, 202);
  })
  // There is no stream of messages from the server, and no session to end.
  .all("/mcp", (c) => c.text("Send messages by POST.", 405, { Allow: "POST" }));
