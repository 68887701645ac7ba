import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";

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

  const t = translations(c);
  const children = (
    <>
      <p>{t.texts.welcome}</p>
      <nav>
        <a href="/sign-up">{t.links.signUp}</a>
        <a href="/sign-in">{t.links.signIn}</a>
        <a href="/dev/outbox">{t.links.outbox}</a>
        <a href="/docs">{t.links.docs}</a>
      </nav>
    </>
  );
  return showPage(c, { title: config.BRAND_NAME ?? "Gatehouse", children });
});
