import { createExecutionContext } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import { ROUTES } from "../support/routes.ts";
import { createWorld, dumpRows, hashCheaply, JSON_TYPE, PASSWORD } from "../support/world.ts";

const LOCAL = { ISSUER: "http://localhost:8787" };

describe("the host of a request", () => {
  it.each([
    ["https://evil.example/", {}],
    ["https://auth.test.evil.example/", {}],
    ["https://sub.auth.test/", {}],
    ["https://auth.test.:443/", {}],
    ["https://auth.test:8443/", {}],
    ["https://localhost/", {}],
    ["https://auth.internal:8443/", { ALLOWED_HOSTS: "auth.internal" }],
    ["http://auth.test/", {}],
    ["http://auth.internal/", { ALLOWED_HOSTS: "auth.internal" }],
    ["http://localhost:8787/", { ISSUER: "https://localhost:8787" }],
    ["http://evil.example/", LOCAL],
    ["http://evil.example:8787/", LOCAL],
    ["http://localhost.evil.example:8787/", LOCAL],
    ["http://192.168.1.5:8787/", LOCAL],
  ])("%s gets 421 on every path, with the settings %j", async (base, settings) => {
    const world = createWorld(settings);
    for (const path of ["", "health", "dev/outbox", "sign-in", "auth/login", "api/v1/auth/me", "nowhere"]) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const headers = { origin: "https://evil.example", accept: "text/html", "sec-fetch-mode": "navigate" };
        const answer = await world.send(base + path, { method, headers });
        expect([path, method, answer.status, answer.json?.code]).toEqual([path, method, 421, "misdirected_request"]);
        expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      }
    }
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });
  });

  it.each([
    ["https://auth.test/", {}],
    ["https://AUTH.test:443/", {}],
    ["https://auth.internal/", { ALLOWED_HOSTS: "other.internal, auth.internal" }],
    ["https://auth.internal:8443/", { ALLOWED_HOSTS: "auth.internal:8443" }],
    ["http://localhost:8787/", LOCAL],
    ["https://localhost:9000/", LOCAL],
    ["http://127.0.0.1:1234/", LOCAL],
    ["http://[::1]/", LOCAL],
    ["https://127.0.0.1:1/", { ISSUER: "https://localhost:8787" }],
    ["http://192.168.1.5:8787/", { ...LOCAL, ALLOWED_HOSTS: "192.168.1.5:8787" }],
  ])("%s is answered with the settings %j", async (base, settings) => {
    expect((await createWorld(settings).get(`${base}health`)).json).toEqual({ status: "ok" });
  });

  it("a request to another host changes nothing on any route", async () => {
    const world = createWorld();
    const registered = { email: "jane@example.com", password: PASSWORD };
    expect((await world.post("https://evil.example/auth/register", registered)).status).toBe(421);
    const before = await dumpRows();

    for (const [route, { body = registered }] of Object.entries(ROUTES)) {
      const [method = "", path = ""] = route.split(" ");
      const init = { method, headers: JSON_TYPE, ...(method !== "GET" && { body: JSON.stringify(body) }) };
      expect([route, (await world.send(`https://evil.example${path}`, init)).status]).toEqual([route, 421]);
    }
    expect([await dumpRows(), world.sent]).toEqual([before, []]);
  });

  it("a refused host is logged by its code, without the host", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "info").mockImplementation((line: string) => void lines.push(line));
    await createWorld().get("https://canary.example/health");

    expect(JSON.parse(lines[0]!)).toMatchObject({ status: 421, code: "misdirected_request", route: "/health" });
    expect(lines.join()).not.toContain("canary");
  });

  it("a binding that calls fetch with a host of its own is answered if ALLOWED_HOSTS lists it", async () => {
    const ask = async (ALLOWED_HOSTS: string) => {
      const { env } = createWorld({ ALLOWED_HOSTS });
      await hashCheaply(env);
      const request = new Request("https://gatehouse/health") as Parameters<typeof worker.fetch>[0];
      return (await worker.fetch(request, env, createExecutionContext())).status;
    };

    expect([await ask(""), await ask("gatehouse")]).toEqual([421, 200]);
  });
});
