import { describe, expect, it } from "vitest";
import document from "../public/openapi.json" with { type: "json" };
import { app } from "../src/entrypoints/http.ts";
import { routesWithBody } from "./support/openapi.ts";
import { ROUTES, routeOf } from "./support/routes.ts";

/**
 * `METHOD /path` of every mounted route, spelled as in the OpenAPI document, without the alias
 * /api/v1.
 */
const mounted = app.routes
  .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/api/v1/"))
  .map(({ method, path }) => `${method} ${path.replace(/:(\w+)({.*?})?/g, "{$1}")}`);

describe("the table of routes", () => {
  it("has one row for each mounted route and no other", () => {
    expect(Object.keys(ROUTES).sort()).toEqual([...new Set(mounted)].sort());
  });

  it("has a body for each route whose API reference has one, and for no other", () => {
    const withBody = Object.keys(ROUTES).filter((name) => routeOf(name).body);

    expect(withBody.sort()).toEqual([...routesWithBody].sort());
  });

  it("has a form for each page that takes a POST", () => {
    const documented = Object.keys(document.paths);
    const pages = mounted.filter((name) => name.startsWith("POST ") && !documented.includes(name.slice(5)));

    expect(pages.filter((name) => !routeOf(name).form)).toEqual([]);
  });
});
