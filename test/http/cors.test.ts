import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

describe("CORS", () => {
  const preflight = (origin: string, requested?: string, { path = "/auth/login", settings = {} } = {}) =>
    createWorld(settings).send(path, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        ...(requested && { "access-control-request-headers": requested }),
      },
    });

  it("allows the configured origins, and caches preflights for a day", async () => {
    const { status, headers } = await preflight("https://app.test");

    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.test");
    expect(headers.get("access-control-max-age")).toBe("86400");
    expect(headers.get("access-control-allow-headers")).toBe("Authorization,Content-Type");
    expect(headers.get("access-control-allow-methods")).toBe("GET,POST,PATCH,DELETE");
    expect(headers.get("access-control-allow-credentials")).toBe("true");

    const answer = await createWorld().get("/users/me", { origin: "https://admin.test" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://admin.test");
    expect(answer.headers.get("access-control-expose-headers")).toBe("Retry-After,WWW-Authenticate");
    expect(answer.headers.get("vary")).toBe("Origin");
  });

  it.each(["sentry-trace,baggage", "content-type,traceparent,tracestate,x-datadog-trace-id", "x-requested-with"])(
    "allows them to send the headers that they ask for: %s",
    async (requested) => {
      const { headers } = await preflight("https://app.test", requested);

      expect(headers.get("access-control-allow-headers")).toBe(requested);
      expect(headers.get("vary")).toBe("Origin, Access-Control-Request-Headers");
      const refused = await preflight("https://evil.test", requested);
      expect(refused.headers.get("access-control-allow-headers")).toBe("Authorization,Content-Type");
      expect(refused.headers.get("vary")).toBe("Origin, Access-Control-Request-Headers");
    },
  );

  it("allows every origin to read public documents with any headers, without credentials", async () => {
    for (const origin of ["https://app.test", "https://evil.test", "null"]) {
      const { status, headers } = await preflight(origin, "traceparent", { path: "/.well-known/jwks.json" });
      const names = ["origin", "headers", "credentials"].map((name) => headers.get(`access-control-allow-${name}`));
      expect([status, ...names]).toEqual([204, "*", "*", null]);
    }
  });

  it.each([
    ["https://*.app.test", "https://a1-b2.app.test"],
    ["https://*.app.test", "https://_x.app.test"],
    ["https://*.app.test:8443", "https://a.app.test:8443"],
    ["https://*.example.pages.dev", "https://1a2b3c.example.pages.dev"],
    ["capacitor://localhost", "capacitor://localhost"],
    ["ionic://localhost", "ionic://localhost"],
    ["tauri://localhost,http://tauri.localhost", "http://tauri.localhost"],
    ["chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"],
    ["moz-extension://6f1a6b0c-4a5b", "moz-extension://6f1a6b0c-4a5b"],
    ["safari-web-extension://6F1A6B0C-4A5B", "safari-web-extension://6F1A6B0C-4A5B"],
  ])("with ALLOWED_ORIGINS=%s allows %s", async (ALLOWED_ORIGINS, origin) => {
    const { headers } = await preflight(origin, undefined, { settings: { ALLOWED_ORIGINS } });

    expect(headers.get("access-control-allow-origin")).toBe(origin);
  });

  it.each([
    ["https://*.app.test", "https://app.test"],
    ["https://*.app.test", "https://a.b.app.test"],
    ["https://*.app.test", "https://.app.test"],
    ["https://*.app.test", "https://*.app.test"],
    ["https://*.app.test", "http://a.app.test"],
    ["https://*.app.test", "https://a.app.test:8443"],
    ["https://*.app.test", "https://a.app.test.evil.test"],
    ["https://*.app.test", "https://evilapp.test"],
    ["https://*.app.test", "https://evil.test/.app.test"],
    ["https://*.app.test", "https://evil.test#.app.test"],
    ["https://*.app.test", "https://evil.test\\.app.test"],
    ["https://*.app.test", "https://user@a.app.test"],
    ["https://*.app.test", "https://aXapp.test"],
    ["https://*.app.test", "null"],
    ["capacitor://localhost", "https://localhost"],
    ["capacitor://localhost", "capacitor://localhost.evil.test"],
    ["chrome-extension://abcdefghijklmnop", "chrome-extension://ABCDEFGHIJKLMNOP"],
    ["http://tauri.localhost:5173", "http://tauri.localhost"],
  ])("with ALLOWED_ORIGINS=%s does not allow %s", async (ALLOWED_ORIGINS, origin) => {
    const { headers } = await preflight(origin, undefined, { settings: { ALLOWED_ORIGINS } });

    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it.each(["http://192.168.1.5:5173", "http://[fd00::1]:5173", "http://mac.local:5173"])(
    "of a service on loopback allows an origin of the local network: %s",
    async (origin) => {
      const settings = { ISSUER: "http://localhost:8787", ALLOWED_ORIGINS: origin };
      const { headers } = await createWorld(settings).get("http://localhost:8787/users/me", { origin });

      expect(headers.get("access-control-allow-origin")).toBe(origin);
    },
  );

  it("allows them to read static files", async () => {
    const { headers } = await createWorld().get("/openapi.json", { origin: "https://app.test" });

    expect(headers.get("access-control-allow-origin")).toBe("https://app.test");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("cache-control")).not.toBe("no-store");
  });

  it.each([
    "https://evil.test",
    "null",
    "https://app.test.evil.test",
    "https://app.test:8443",
    "http://app.test",
    "https://APP.test",
    "https://app.test/",
    "https://app.test,https://admin.test",
    "",
  ])("does not allow the origin %j", async (origin) => {
    const answers = [await preflight(origin), await createWorld().get("/users/me", { origin })];

    for (const { headers } of answers) expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("allows a frontend to read every failure", async () => {
    const { status, headers } = await createWorld().post("/auth/login", "x".repeat(20_000), {
      origin: "https://app.test",
    });

    expect(status).toBe(413);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.test");
  });

  it.each([
    ["misdirected_request", "https://wrong.test/auth/login", undefined],
    ["invalid_backend_secret", "/auth/login", { "gatehouse-backend-secret": "wrong" }],
    ["method_not_allowed", "/auth/register/", undefined],
    ["not_found", "/nowhere", undefined],
  ])("allows only a frontend to read %s, after its preflight", async (code, path, given) => {
    for (const origin of ["https://app.test", "https://evil.test"]) {
      const headers = { origin, ...given };
      const preflighted = await preflight(origin, "content-type", { path });
      const { json, headers: answered } = await createWorld().send(path, { method: "PATCH", headers, body: "{}" });
      const allowed = [preflighted.headers, answered].map((each) => each.get("access-control-allow-origin"));

      expect([json.code, ...allowed]).toEqual([code, ...Array(2).fill(origin === "https://app.test" ? origin : null)]);
      expect(preflighted.status).toBe(origin === "https://app.test" || code !== "misdirected_request" ? 204 : 421);
    }
  });

  it("does not let a request set Vary", async () => {
    const { headers } = await createWorld().get("/health", { vary: "X-Evil", origin: "https://app.test" });

    expect(headers.get("vary")).toBe("Origin");
  });
});
