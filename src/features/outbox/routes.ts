import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import { err } from "../../result.ts";
import { showOutbox } from "./page.tsx";

/** What would have been sent, for a developer: there is none but on a loopback issuer. */
export const outboxRoutes = new Hono<AppEnv>().get("/dev/outbox", async (c) => {
  const { outbox } = c.var.deps;
  if (!outbox) return problem(c, err("not_found"));

  const messages = await outbox();
  return c.req.header("accept")?.includes("text/html") ? showOutbox(c, messages) : c.json({ messages });
});
