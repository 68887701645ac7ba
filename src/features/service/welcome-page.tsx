import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { wantsPage } from "../../pages/navigation.ts";
import { showWelcome } from "./development-page.tsx";

/** Answers the root: a browser goes to the sign-in page, other callers get links as JSON. */
export const welcomePages = new Hono<AppEnv>().get("/", async (c) => {
  const { config, outbox } = c.var.deps;
  if (!wantsPage(c)) {
    const at = (path: string) => config.ISSUER + path;
    return c.json({
      issuer: config.ISSUER,
      docs: at("/docs"),
      openapi: at("/openapi.json"),
      jwks: at("/.well-known/jwks.json"),
    });
  }
  return process.env["NODE_ENV"] === "development" && outbox ? showWelcome(c) : c.redirect("/sign-in", 303);
});
