import { describe, expect, it } from "vitest";
import { errors } from "../../src/errors.ts";
import { documentedRoutes, operationOf } from "../support/openapi.ts";
import { createWorld } from "../support/world.ts";

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);
const idsOf = (html: string) => all(html, / id="([^"]*)"/g);

/** The addresses of all pages, as `llms.txt` lists their sources. */
const pagesOf = (index: string) =>
  all(index, /\]\((\/docs\/[\w-]+)\.md\)/g).map((path) => path.replace(/\/index$/, ""));

describe("the documentation", () => {
  it.each([
    ["/docs", "text/html"],
    ["/api/v1/docs", "text/html"],
    ["/openapi.json", "application/json"],
    ["/api/v1/openapi.json", "application/json"],
    ["/docs/api", "text/html"],
    ["/docs/errors", "text/html"],
    ["/docs/verify-tokens", "text/html"],
    ["/docs/verify-tokens.md", "text/markdown"],
    ["/docs/llms.txt", "text/plain"],
    ["/llms.txt", "text/plain"],
    ["/docs/start.js", "text/javascript"],
    ["/docs/icon.svg", "image/svg+xml"],
  ])("serves %s itself, cacheable", async (path, type) => {
    const { status, headers, text } = await createWorld().get(path);

    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain(type);
    expect(headers.get("cache-control")).toContain("public");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    if (type === "text/html") expect(text).not.toMatch(/<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
  });

  it("has no inline script or style, and no dead link or anchor", async () => {
    const world = createWorld();
    const paths = pagesOf((await world.get("/docs/llms.txt")).text);
    const pages = new Map(await Promise.all(paths.map(async (path) => [path, await world.get(path)] as const)));
    expect(paths).toEqual(expect.arrayContaining(["/docs", "/docs/api", "/docs/errors", "/docs/sdk"]));

    const faults = [...pages].flatMap(([path, { status, text }]) => {
      const content = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
      const dead = all(content, / href="((?:\/docs|\.|#)[^"]*)"/g).filter((href) => {
        const { pathname, hash } = new URL(href, `https://auth.test${path}`);
        const target = pages.get(pathname.replace(/\/$/, ""));
        return !target || (hash !== "" && !idsOf(target.text).includes(decodeURIComponent(hash.slice(1))));
      });
      const inline = all(text, /(<script(?![^>]* src=)[^>]*>|<style| style=")/g);
      return [...(status === 200 ? [] : [status]), ...dead, ...inline].map((fault) => [path, fault]);
    });
    expect(faults).toEqual([]);
  });

  it("has an anchor for every operation and every error code", async () => {
    const world = createWorld();
    const [api, codes] = [await world.get("/docs/api"), await world.get("/docs/errors")];

    const ids = documentedRoutes.map((route) => operationOf(route).operationId);
    expect(idsOf(api.text)).toEqual(expect.arrayContaining(ids));
    expect(idsOf(codes.text)).toEqual(expect.arrayContaining(Object.keys(errors)));
    expect(codes.text.match(/What to do\./g)).toHaveLength(Object.keys(errors).length);
  });

  it("says of every error code what an operator does", async () => {
    const { text } = await createWorld().get("/docs/troubleshooting");

    const codes = all(text, / href="\/docs\/errors#([a-z_]+)"/g);
    expect(codes.toSorted()).toEqual(Object.keys(errors).toSorted());
  });

  it("lets browsers keep files whose name has a hash, and no failure", async () => {
    const world = createWorld();
    const [script = ""] = all((await world.get("/docs")).text, /src="(\/docs\/assets\/app\.[^"]+)"/g);
    const found = await world.get(script);
    const missing = await world.get("/docs/assets/app.js");

    expect([found.status, found.headers.get("cache-control")]).toEqual([200, expect.stringContaining("immutable")]);
    expect([missing.status, missing.headers.get("cache-control")]).toEqual([404, "no-store"]);
  });

  it("answers a page of its own for a missing page", async () => {
    const { status, headers, text } = await createWorld().get("/docs/nothing");

    expect([status, headers.get("content-type")]).toEqual([404, expect.stringContaining("text/html")]);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(text).toContain('src="/docs/start.js"');
    // Readable without scripts.
    expect(text).toMatch(/<main[^>]*>.*<h1>Page not found<\/h1>.*href="\/docs".*<\/main>/s);
    expect(text).not.toContain('type="module"');
  });

  it.each(["nothing.js", ".dev.vars", "..%2fwrangler.toml", "..%2f..%2f.dev.vars", "%00"])(
    "answers 404 for the file %s",
    async (file) => {
      expect((await createWorld().get(`/docs/${file}`)).status).toBe(404);
    },
  );
});
