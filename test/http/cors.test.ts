import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

describe("CORS", () => {
  const preflight = (origin: string) =>
    createWorld().send("/auth/login", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
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

  it("does not let a request set Vary", async () => {
    const { headers } = await createWorld().get("/health", { vary: "X-Evil", origin: "https://app.test" });

    expect(headers.get("vary")).toBe("Origin");
  });
});
