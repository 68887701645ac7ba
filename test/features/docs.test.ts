import { describe, expect, it } from "vitest";
import { createWorld } from "../world.ts";

describe("the API reference", () => {
  it.each([
    ["/docs", "text/html"],
    ["/api/v1/docs", "text/html"],
    ["/openapi.json", "application/json"],
    ["/api/v1/openapi.json", "application/json"],
    ["/docs/swagger-ui.css", "text/css"],
    ["/docs/swagger-ui-bundle.js", "text/javascript"],
  ])("%s is served from here and may be cached", async (path, type) => {
    const { status, headers, text } = await createWorld().get(path);

    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain(type);
    expect(headers.get("cache-control")).toContain("public");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    if (type === "text/html") expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it.each(["nothing.js", ".dev.vars", "..%2fwrangler.toml", "..%2f..%2f.dev.vars", "%00"])(
    "knows no file %s",
    async (file) => {
      expect((await createWorld().get(`/docs/${file}`)).status).toBe(404);
    },
  );
});
