import { describe, expect, it, vi } from "vitest";
import type { AuthOptions } from "../../src/sdk/index.ts";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";

const later = () => new Promise((resume) => setTimeout(resume, 0));

/** A Worker with tier `feed` on a test clock, whose reads of the feed are spied on. */
async function createFed(options: Partial<AuthOptions> = {}) {
  const clock = createTestClock();
  const issuer = await createTestIssuer(clock);
  const revocations = vi.fn(issuer.auth.revocations);
  const { keys } = issuer.auth;
  const verify = vi.fn(issuer.auth.verify);
  const get = guarded({ auth: { keys, verify, revocations }, tier: "feed", now: clock.now, ...options } as AuthOptions);
  const authorization = bearing(await issuer.token({ sid: "jane", exp: 4e9 }));
  return { clock, issuer, revocations, verify, statusOf: async (token = authorization) => (await get(token)).status };
}

describe("requireAuth in tier feed", () => {
  it("refuses an ended session, and asks nothing for five seconds", async () => {
    const { clock, issuer, revocations, statusOf } = await createFed();
    expect([await statusOf(), await statusOf()]).toEqual([200, 200]);
    expect(revocations).toHaveBeenCalledTimes(1);

    issuer.revoke("jane");
    clock.advance(5);
    expect([await statusOf(), revocations.mock.calls.length]).toEqual([200, 1]);
    clock.advance(1);
    expect(await statusOf()).toBe(200);
    await later();
    expect([await statusOf(), revocations.mock.calls]).toEqual([401, [[{ since: undefined }], [{ since: "0" }]]]);
  });

  it("knows a session that ended more than 15 seconds ago at the first request", async () => {
    const { clock, issuer, statusOf } = await createFed();
    expect(await statusOf()).toBe(200);

    issuer.revoke("jane");
    clock.advance(16);
    expect(await statusOf()).toBe(401);
  });

  it("goes on for 15 seconds while the feed cannot be read, then decides as onUnavailable says", async () => {
    const strict = await createFed();
    const lenient = await createFed({ onUnavailable: "allow-local" });
    for (const { statusOf, revocations } of [strict, lenient]) {
      expect(await statusOf()).toBe(200);
      revocations.mockRejectedValue(new Error("Network connection lost."));
    }

    const statuses = async () => [await strict.statusOf(), await lenient.statusOf()];
    const advance = (seconds: number) => [strict, lenient].map(({ clock }) => clock.advance(seconds));
    advance(14);
    expect(await statuses()).toEqual([200, 200]);
    advance(2);
    expect(await statuses()).toEqual([503, 200]);
    const { length } = strict.revocations.mock.calls;
    expect([await strict.statusOf(), strict.revocations.mock.calls.length]).toEqual([503, length]);
    for (const { issuer, revocations } of [strict, lenient]) {
      issuer.revoke("jane");
      revocations.mockImplementation(issuer.auth.revocations);
    }
    advance(2);
    expect(await statuses()).toEqual([401, 401]);
  });

  it("reads every page before it decides, once for requests at the same time", async () => {
    const { revocations, statusOf } = await createFed();
    const page = (sid: string, next: string, more: boolean) => ({
      ok: true as const,
      value: { revocations: [{ sid, expires_at: "2100-01-01T00:00:00Z" }], next, more },
    });
    revocations.mockImplementation(async (query) => {
      await later();
      return query?.since === "1" ? page("jane", "2", false) : page("john", "1", true);
    });

    expect(await Promise.all([statusOf(), statusOf(), statusOf()])).toEqual([401, 401, 401]);
    expect(revocations.mock.calls).toEqual([[{ since: undefined }], [{ since: "1" }]]);
  });

  it("keeps no more than 100,000 ended sessions, and forgets those whose tokens have expired", async () => {
    const { clock, revocations, statusOf } = await createFed();
    const expires_at = new Date(clock.now() + 30_000).toISOString();
    const revocationsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ sid: `sid-${n}`, expires_at }));
    const answer = (count: number) => async () => ({
      ok: true as const,
      value: { revocations: revocationsOf(count), next: "1", more: false },
    });

    revocations.mockImplementation(answer(100_001));
    expect(await statusOf()).toBe(503);
    revocations.mockImplementation(answer(100_000));
    clock.advance(2);
    expect(await statusOf()).toBe(200);
    revocations.mockImplementation(answer(0));
    clock.advance(31);
    expect(await statusOf()).toBe(200);
    revocations.mockImplementation(answer(100_000));
    clock.advance(31);
    expect(await statusOf()).toBe(200);
  });

  it("asks the service about an API key itself", async () => {
    const { issuer, revocations, verify, statusOf } = await createFed({ scopes: ["notes:read"] });

    expect(await statusOf(bearing(issuer.apiKey({ scope: "notes:read" })))).toBe(200);
    expect(revocations).not.toHaveBeenCalled();
    // The service has no tier `feed`.
    expect(verify.mock.calls[0]?.[1]).toMatchObject({ tier: undefined, apiKeys: true });
  });

  it("needs a binding to a service that has the feed", async () => {
    const { keys, verify } = (await createTestIssuer()).auth;

    expect(() => guarded({ issuer: "https://feed.test", tier: "feed" } as unknown as AuthOptions)).toThrow(TypeError);
    expect(() => guarded({ auth: { keys, verify }, tier: "feed" })).toThrow(TypeError);
  });
});
