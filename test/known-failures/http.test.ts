import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/passwords.ts";
import { createWorld, createWorldWithJane, JSON_TYPE } from "../support/world.ts";

const LOGIN = JSON.stringify({ identifier: "janedoe", password: PASSWORD });

/** The keys that the limiter is asked for by these requests, and the statuses of their answers. */
async function keysOf(requests: { path?: string; ip: string; headers?: Record<string, string> }[]) {
  const keys: string[] = [];
  const RATE_LIMIT_CREDENTIALS = {
    async limit({ key }: { key: string }) {
      keys.push(key);
      return { success: true };
    },
  } as RateLimit;
  const world = createWorld({ RATE_LIMIT_CREDENTIALS });
  const answers: number[] = [];
  for (const { path = "/auth/login", ip, headers } of requests) {
    const init = { method: "POST", headers: { ...JSON_TYPE, "cf-connecting-ip": ip, ...headers }, body: "{}" };
    answers.push((await world.send(path, init)).status);
  }
  return { keys, answers };
}

/** Vulnerabilities of other projects, by their ids, in their HTTP layer. */
describe("known failures of other services", () => {
  it("CVE-2026-45364, CVE-2023-36456: a client has one rate limit, however its address is written or forwarded", async () => {
    const six = ["2001:db8:1:2::1", "2001:0DB8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2:ffff:1:2:3"];
    const forwarded = { "x-forwarded-for": "198.51.100.1", forwarded: "for=198.51.100.2", "x-real-ip": "198.51.100.3" };

    expect(new Set((await keysOf(six.map((ip) => ({ ip })))).keys).size).toBe(1);
    const four = await keysOf([
      { ip: "203.0.113.7" },
      { ip: "::ffff:203.0.113.7" },
      { ip: "203.0.113.7", headers: forwarded },
    ]);
    expect(new Set(four.keys)).toEqual(new Set(["203.0.113.7"]));
  });

  it("GHSA-x732-6j76-qmhm, CVE-2026-47676: another spelling of a path is 404 or shares its rate limit", async () => {
    const paths = [
      "/auth/login",
      "/auth/login/",
      "/auth/./../auth/login/",
      "/auth/%6cogin",
      "/api/v1/auth/login",
      "/api/v1/auth/%6Cogin/",
    ];
    const gone = ["//auth/login", "/auth//login", "/auth/login//", "/AUTH/login", "/auth/login%2f"];

    const shared = await keysOf(paths.map((path) => ({ path, ip: "203.0.113.7" })));
    expect([shared.keys, shared.answers]).toEqual([Array(6).fill("203.0.113.7"), Array(6).fill(422)]);
    const unknown = await keysOf(gone.map((path) => ({ path, ip: "203.0.113.7" })));
    expect([unknown.keys, unknown.answers]).toEqual([[], gone.map(() => 404)]);
  });

  it("CVE-2026-54290, GHSA-q7jf-gf43-6x6p: only the configured origins are allowed", async () => {
    const { world } = await createWorldWithJane();
    const evil = ["https://evil.test", "null", "https://app.test.evil.test", "https://evilapp.test", "http://app.test"];
    for (const origin of [...evil, "https://app.test:8443", "https://APP.test."]) {
      for (const method of ["POST", "OPTIONS"]) {
        const headers = {
          origin,
          cookie: "a=b",
          "access-control-request-method": "POST",
          vary: "Origin",
          ...JSON_TYPE,
        };
        const body = method === "POST" ? { body: LOGIN } : {};
        const { headers: answered } = await world.send("/auth/login", { method, headers, ...body });
        expect(answered.get("access-control-allow-origin")).toBeNull();
        expect(answered.get("access-control-allow-credentials")).toBeNull();
        expect(answered.get("vary")).toContain("Origin");
      }
    }
  });

  it("CVE-2026-44456: a chunked body has the same size limit as any other", async () => {
    const { world } = await createWorldWithJane();
    for (const path of ["/auth/login", "/auth/logout", "/health", "/nowhere"]) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let n = 0; n < 20; n++) controller.enqueue(new Uint8Array(1024).fill(32));
          controller.close();
        },
      });
      const { status } = await world.send(path, { method: "POST", headers: JSON_TYPE, body });
      expect([path, status]).toEqual([path, 413]);
    }
  });

  it("GHSA-2234-fmw7-43wr, better-auth#9973, #10368: a form of another site is refused", async () => {
    const { world } = await createWorldWithJane();
    const bodies = { "": 415, "text/plain": 415, "multipart/form-data; boundary=x": 415 };
    for (const [type, status] of Object.entries(bodies)) {
      const headers: Record<string, string> = type ? { "content-type": type } : {};
      const body = new TextEncoder().encode(LOGIN);
      expect((await world.send("/auth/login", { method: "POST", headers, body })).status).toBe(status);
    }

    for (const origin of ["https://evil.test", "null"]) {
      const form = new URLSearchParams({ username: "janedoe", password: PASSWORD });
      const { status, json } = await world.send("/auth/login", { method: "POST", headers: { origin }, body: form });
      expect([status, json.error, json.code]).toEqual([403, "unauthorized_client", "origin_not_allowed"]);
    }

    for (const origin of [undefined, "https://evil.test", "null"]) {
      const body = JSON.stringify({ identifier: "janedoe", password: PASSWORD, transport: "cookie" });
      const headers = { ...JSON_TYPE, ...(origin && { origin }) };
      const { status, headers: answered } = await world.send("/auth/login", { method: "POST", headers, body });
      expect([status, answered.get("set-cookie")]).toEqual([403, null]);
    }
  });

  it("GHSA-xmf8-cvqr-rfgj: a malformed Authorization is 401", async () => {
    const world = createWorld();
    for (const authorization of [
      "Bearer",
      "Bearer ",
      "Basic",
      "Basic !!!",
      ":",
      "Bearer a b",
      "Bearer %00",
      "\u00ff",
      "x".repeat(8000),
    ]) {
      const { status, headers } = await world.get("/users/me", { authorization });
      expect([status, headers.get("www-authenticate")?.startsWith("Bearer")]).toEqual([401, true]);
    }
  });

  it("CVE-2026-44457: answers about a user are not cached", async () => {
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    for (const path of ["/users/me", "/users/me/sessions", "/users/me/events", "/auth/me"]) {
      for (const bearer of [token, "x"]) {
        expect((await world.call("GET", path, { token: bearer })).headers.get("cache-control")).toBe("no-store");
      }
    }
  });

  it("honojs/hono@fab3b136: pages rendered concurrently do not mix", async () => {
    const world = createWorld();
    const pages = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const language = n % 2 ? "de" : "en";
        const { text } = await world.get("/forgot-password", {
          "accept-language": language,
          cookie: `__Host-identifier=token-${n}-`,
        });
        return { n, language, text };
      }),
    );

    for (const { n, language, text } of pages) {
      expect(text).toContain(`<html lang="${language}" dir="ltr">`);
      expect(text.match(/token-\d+-/g)).toEqual([`token-${n}-`]);
    }
  });
});
