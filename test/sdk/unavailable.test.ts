import { describe, expect, it, vi } from "vitest";
import { createTestIssuer, forgetIssuers } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { createLocal } from "../support/local-verifier.ts";

describe("requireAuth with an unavailable service", () => {
  it("responds with 503 after three seconds", async () => {
    const { issuer, auth, verify } = await createLocal();
    const get = guarded({ auth });
    const token = await issuer.token({ exp: 4e9, iat: 1 });
    expect((await get(bearing(token))).status).toBe(200);

    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    verify.mockImplementationOnce(() => new Promise(() => {}));
    const answer = get(bearing(token));
    await vi.advanceTimersByTimeAsync(3000);
    const { status, headers } = await answer;
    vi.useRealTimers();
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
  });

  it.each([
    ["the binding throws", () => Promise.reject(new Error("Network connection lost."))],
    ["the denylist does not respond", async () => ({ ok: false, code: "storage_unavailable" })],
    ["the database is not migrated", async () => ({ ok: false, code: "database_not_migrated" })],
    ["settings are missing", async () => ({ ok: false, code: "misconfigured" })],
  ])("refuses valid tokens when %s, unless allow-local is set", async (_, outcome) => {
    const { issuer, auth, verify } = await createLocal();
    verify.mockImplementation(outcome as never);
    const good = bearing(await issuer.token({ exp: 4e9, iat: 1 }));
    const bad = bearing(await issuer.token({ exp: 1 }));

    for (const tier of ["revocation", "authoritative"] as const) {
      const strict = guarded({ auth, tier });
      const lenient = guarded({ auth, tier, onUnavailable: "allow-local" });
      expect([(await strict(good)).status, (await strict(good)).json.code]).toEqual([503, "unavailable"]);
      expect([(await lenient(good)).status, (await lenient(bad)).status]).toEqual([200, 401]);
    }
  });

  it("throws when the service rejects the call itself", async () => {
    const { issuer, auth, verify } = await createLocal();
    verify.mockResolvedValue({ ok: false, code: "invalid_request" });
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = guarded({ auth, onUnavailable: "allow-local" });

    await expect(app(bearing(await issuer.token({ exp: 4e9, iat: 1 })))).rejects.toThrow();
    expect(String(logged.mock.calls[0]?.[0])).toContain("invalid_request");
  });

  it("treats a failing denylist like an unavailable service", async () => {
    const { issuer, auth } = await createLocal();
    const denylist = { get: () => Promise.reject(new Error("KV: 503")) };
    const good = bearing(await issuer.token({ exp: 4e9, iat: 1 }));

    expect((await guarded({ auth, denylist })(good)).status).toBe(503);
    expect((await guarded({ auth, denylist, onUnavailable: "allow-local" })(good)).status).toBe(200);
  });
});

describe("an issuer over the network", () => {
  it("provides its keys once, and redirects are not followed", async () => {
    const issuer = await createTestIssuer({ issuer: "https://network.test" });
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation((input) => issuer.fetch(input as string));
    const get = guarded({ issuer: "https://network.test/" });

    expect((await get(bearing(await issuer.token()))).status).toBe(200);
    expect((await get(bearing(await issuer.token({ aud: "https://other.test" })))).status).toBe(401);
    expect(fetched).toHaveBeenCalledTimes(1);
    const [url, init] = fetched.mock.calls[0]!;
    expect([url, init?.redirect]).toEqual(["https://network.test/.well-known/jwks.json", "manual"]);

    const next = await createTestIssuer({ issuer: "https://network.test" });
    forgetIssuers();
    fetched.mockImplementationOnce((input) => next.fetch(input as string));
    expect((await guarded({ issuer: "https://network.test" })(bearing(await next.token()))).status).toBe(200);
    const moved = guarded({ issuer: "https://moved.test" });
    const { value } = (await issuer.auth.keys()) as { value: object };
    fetched.mockResolvedValueOnce(Response.json(value, { status: 404 }));
    expect((await moved(bearing(await issuer.token()))).status).toBe(503);
    fetched.mockResolvedValueOnce(new Response(null, { status: 302, headers: { location: "https://network.test" } }));
    expect((await moved(bearing(await issuer.token()))).status).toBe(503);
  });
});
