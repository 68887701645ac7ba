import { expect, it } from "vitest";
import document from "../public/openapi.json" with { type: "json" };
import { app } from "../src/entrypoints/http.ts";
import { pages as site } from "../src/entrypoints/pages.ts";
import { errors } from "../src/errors.ts";
import { documentedRoutes } from "./support/openapi.ts";

/** The hosted pages. They are not part of the API, except the root. */
const PAGES = site.routes.map(({ path }) => path);

it("the API reference lists exactly the mounted routes, the API also under /api/v1", () => {
  const mounted = app.routes
    .filter(({ method, path }) => method !== "ALL" && !PAGES.includes(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)({.*?})?/g, "{$1}")}`);

  const expected = documentedRoutes
    .filter((route) => route !== "GET /")
    .flatMap((route) => (route.includes("/.well-known/") ? [route] : [route, route.replace(" ", " /api/v1")]));
  expect([...new Set(mounted)].sort()).toEqual(expected.sort());
});

it("the API reference lists every error code", () => {
  expect(document.components.schemas.Problem.properties.code.enum.sort()).toEqual(Object.keys(errors).sort());
});
