import { describe, expect, it } from "vitest";
import { documentedRoutes } from "../support/openapi.ts";
import { createWorld } from "../support/world.ts";

describe("the API reference", () => {
  it.each([
    ["/docs", "text/html"],
    ["/api/v1/docs", "text/html"],
    ["/openapi.json", "application/json"],
    ["/api/v1/openapi.json", "application/json"],
    ["/docs/errors", "text/html"],
    ["/docs/verify-tokens", "text/html"],
    ["/docs/docs.css", "text/css"],
    ["/docs/docs.js", "text/javascript"],
  ])("serves %s itself, cacheable", async (path, type) => {
    const { status, headers, text } = await createWorld().get(path);

    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain(type);
    expect(headers.get("cache-control")).toContain("public");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    if (type === "text/html") expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it("has an anchor for every operation and error code that it links to", async () => {
    const world = createWorld();
    const [docs, errors] = [await world.get("/docs"), await world.get("/docs/errors")];
    const { json } = await world.get("/openapi.json");
    const operations = Object.values(json.paths).flatMap((methods) => Object.values(methods as object));
    const ids = (text: string) => [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(operations).toHaveLength(documentedRoutes.length);
    expect(ids(docs.text)).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)));

    const links = [...docs.text.matchAll(/href="(\/docs\/errors)?#([^"]+)"/g)];
    expect(links.length).toBeGreaterThan(100);
    for (const [, page, id] of links) expect(ids((page ? errors : docs).text)).toContain(id);
  });

  it.each(["nothing.js", ".dev.vars", "..%2fwrangler.toml", "..%2f..%2f.dev.vars", "%00"])(
    "answers 404 for the file %s",
    async (file) => {
      expect((await createWorld().get(`/docs/${file}`)).status).toBe(404);
    },
  );
});
