/**
 * `/dev/pages`, on a developer's machine only: every component in every state, and a link to every
 * state of every page, rendered by the real code from sample data. Nothing needs a session, and
 * nothing is stored. `?brand=%23ffff00` tries a color of the brand.
 *
 * `wrangler deploy` leaves this folder out of the bundle. Code that imports it uses it only behind
 * `process.env["NODE_ENV"] === "development"`, which the bundler evaluates.
 */
import { type Context, Hono } from "hono";
import { brandColors } from "../config/brand-color.ts";
import { isLoopback } from "../config/urls.ts";
import type { Deps } from "../deps.ts";
import { fail } from "../http/answer.ts";
import type { AppEnv } from "../http/app-env.ts";
import { failurePage } from "../pages/failure-page.tsx";
import { showPage, translations } from "../pages/page.tsx";
import type { SignedInEnv } from "../pages/session.ts";
import { err } from "../result.ts";
import { Components, PARTS } from "./components.tsx";
import type { Sample } from "./sample.ts";
import { outbox, SESSION } from "./sample-data.ts";
import { allSamples } from "./samples.ts";

const PATH = "/dev/pages";

export const galleryPages = new Hono<AppEnv>()
  .get(PATH, (c) => (isLoopback(c.var.deps.config.ISSUER) ? showGallery(c) : fail(c, err("not_found"))))
  .get(`${PATH}/:name`, (c) => {
    const sample = allSamples()[c.req.param("name")];
    return sample && isLoopback(c.var.deps.config.ISSUER) ? showSample(c, sample) : fail(c, err("not_found"));
  });

/** The settings, with the color to try, and an outbox with sample messages. */
function sampleDeps(c: Context<AppEnv>, settings: Sample["settings"] = {}): Deps {
  const { deps } = c.var;
  const brand = c.req.query("brand") ?? "";
  const BRAND_COLOR = /^#[\da-f]{6}$/i.test(brand) ? brandColors(brand) : deps.config.BRAND_COLOR;
  const sample = { ...deps, config: { ...deps.config, BRAND_COLOR, ...settings } };
  return { ...sample, outbox: () => outbox(sample) };
}

/**
 * Sends a request for this page, from a browser in its state, to an app that has only this page.
 * The browser of the developer keeps its own state: it gets no cookies.
 */
async function showSample(c: Context<AppEnv>, { path, cookies = {}, settings, page }: Sample) {
  const app = new Hono<SignedInEnv>().use((inner, next) => {
    inner.set("deps", sampleDeps(c, settings));
    inner.set("session", SESSION);
    inner.set("renderFailure", failurePage);
    return next();
  });
  if (page instanceof Hono) app.route("/", page);
  else app.all("*", page);

  const given = typeof cookies === "function" ? await cookies(c.var.deps) : cookies;
  const cookie = Object.entries(given).map(([name, value]) => `__Host-${name}=${encodeURIComponent(value)}`);
  // Some pages depend on what leads to them.
  const headers = { cookie: cookie.join("; "), accept: "text/html", "sec-fetch-site": "cross-site" };
  const answer = await app.request(new URL(path, c.req.url).href, { headers }, c.env);
  answer.headers.delete("Set-Cookie");
  return c.newResponse(answer.body, answer);
}

async function showGallery(c: Context<AppEnv>) {
  c.set("deps", sampleDeps(c));
  const t = await translations(c);
  const { search } = new URL(c.req.url);
  return showPage(c, {
    title: "Pages and components",
    nav: (
      <nav class="tabs">
        {PARTS.map((part, n) => (
          <a href={`#${part}`} aria-current={n === 0 ? "true" : undefined}>
            {part[0]?.toUpperCase() + part.slice(1)}
          </a>
        ))}
      </nav>
    ),
    children: (
      <Components t={t}>
        <ul class="links">
          {Object.keys(allSamples()).map((name) => (
            <li>
              <a href={`${PATH}/${name}${search}`}>{name}</a>
            </li>
          ))}
        </ul>
      </Components>
    ),
  });
}
