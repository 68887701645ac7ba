import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";

/** Answers the root: a browser goes to the sign-in page, other callers get links as JSON. */
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
  // The outbox exists only in local development.
  if (!outbox) return c.redirect("/sign-in", 303);

  const t = translations(c);
  const children = (
    <>
      <p>{t.service.welcome}</p>
      <nav>
        <a href="/sign-up">{t.register.link}</a>
        <a href="/sign-in">{t.login.signIn}</a>
        <a href="/dev/outbox">{t.service.outbox}</a>
        <a href="/docs">{t.service.docs}</a>
      </nav>
    </>
  );
  return showPage(c, { title: config.BRAND_NAME ?? "Gatehouse", children });
});
