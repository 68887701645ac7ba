import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { sayingsOf, showPage } from "../../pages/page.tsx";

/** What stands at the root: for a browser a way in, for anything else where things are. */
export const welcomePages = new Hono<AppEnv>().get("/", (c) => {
  const { config, outbox } = c.var.deps;
  if (!c.req.header("accept")?.includes("text/html")) {
    const at = (path: string) => config.ISSUER + path;
    return c.json({
      issuer: config.ISSUER,
      docs: at("/docs"),
      openapi: at("/openapi.json"),
      jwks: at("/.well-known/jwks.json"),
    });
  }
  // On a developer's machine alone.
  if (!outbox) return c.redirect("/sign-in", 303);

  const say = sayingsOf(c);
  const children = (
    <>
      <p>{say.texts.welcome}</p>
      <nav>
        <a href="/sign-up">{say.links.signUp}</a>
        <a href="/sign-in">{say.links.signIn}</a>
        <a href="/dev/outbox">{say.links.outbox}</a>
        <a href="/docs">{say.links.docs}</a>
      </nav>
    </>
  );
  return showPage(c, { title: config.BRAND_NAME ?? "Gatehouse", children });
});
