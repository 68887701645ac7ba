import { describe, expect, it } from "vitest";
import { createWorld, JSON_TYPE } from "../support/world.ts";

describe("routing", () => {
  it.each([
    "/nowhere",
    "//auth/login",
    "/auth//login",
    "/auth/login//",
    "//evil.test/",
    "//evil.test/sign-in/",
    "/auth/login;a=b",
    "/AUTH/LOGIN",
    "/api/v2/auth/login",
    "/api/v1",
    "/api/v1/api/v1/auth/login",
    "/auth/login%2f",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%ff",
    "/.git/config",
    "/.dev.vars",
  ])("answers 404 for %s", async (path) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const { status } = await createWorld().send(path, { method });
      expect(status).toBe(404);
    }
  });

  it.each([
    ["POST", "/auth/login/", 422],
    ["POST", "/api/v1/auth/login/", 422],
    ["GET", "/users/me/", 401],
    ["GET", "/health/", 200],
    ["GET", "/docs/", 200],
    ["GET", "/docs/errors/", 200],
    ["GET", "/.well-known/jwks.json/", 200],
    ["GET", "/sign-in/", 200],
    ["GET", "/auth/login/", 405],
  ])("ignores a slash at the end of a path: %s %s is %i, without a redirect", async (method, path, status) => {
    const body = method === "POST" ? { body: "{}" } : {};
    const answer = await createWorld().send(path, { method, headers: JSON_TYPE, ...body });

    expect([answer.status, answer.headers.get("location")]).toEqual([status, null]);
  });

  it("treats an escaped letter as the same route", async () => {
    const { status, json } = await createWorld().post("/auth/%6cogin", {});

    expect([status, json.code]).toEqual([422, "invalid_request"]);
  });

  it.each([
    ["GET", "/auth/register", "POST"],
    ["HEAD", "/auth/register", "POST"],
    ["PUT", "/auth/login", "POST"],
    ["DELETE", "/api/v1/auth/login", "POST"],
    ["POST", "/auth/me", "GET, HEAD"],
    ["PATCH", "/.well-known/jwks.json", "GET, HEAD"],
    ["PROPFIND", "/health", "GET, HEAD"],
    ["TRACE", "/health", "GET, HEAD"],
    ["GET", "/oauth/token", "POST"],
    ["HEAD", "/oauth/introspect", "POST"],
    ["DELETE", "/oauth/userinfo", "GET, HEAD, POST"],
  ])("answers 405 for %s %s and allows %s", async (method, path, allow) => {
    const { status, headers } = await createWorld().send(path, { method });

    expect([status, headers.get("allow")]).toEqual([405, allow]);
  });

  it("answers HEAD like GET without a body", async () => {
    const { status, text } = await createWorld().send("/health", { method: "HEAD" });

    expect([status, text]).toEqual([200, ""]);
  });
});

describe("a problem (RFC 9457)", () => {
  it("has a type at the issuer whatever the Host header, and never echoes input", async () => {
    const world = createWorld({ ISSUER: "https://public.test" });
    const { json, text, headers } = await world.post(
      "/auth/register",
      { email: "canary-mail", password: "canary", canary_field: 1 },
      { host: "evil.test", "x-forwarded-host": "evil.test" },
    );

    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json.type).toBe("https://public.test/docs/errors#invalid_request");
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(["canary_field", "email", "password"]);
    expect(text).not.toMatch(/canary-mail|"canary"/);
  });

  it("links to a page that explains it", async () => {
    const { text } = await createWorld().get("/docs/errors");

    expect(text).toContain('id="invalid_request"');
  });
});
