import { describe, expect, it, vi } from "vitest";
import { createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { createLocal } from "../support/local-verifier.ts";

const HOUR_SECONDS = 3600;

const many = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, act));

describe("the key cache", () => {
  it("fetches the keys once for many requests", async () => {
    const { issuer, statusOf, keys, verify } = await createLocal();
    const token = await issuer.token();
    for (let n = 0; n < 50; n++) expect(await statusOf(token)).toBe(200);

    expect(await many(() => statusOf(token))).toEqual(Array(20).fill(200));
    expect([keys.mock.calls.length, verify.mock.calls.length]).toEqual([1, 0]);
  });

  it("shares the keys between verifiers", async () => {
    const { issuer, auth, keys, statusOf } = await createLocal();
    await statusOf(await issuer.token());

    expect((await guarded({ auth, tier: "local" })(bearing(await issuer.token({ exp: 4e9, iat: 1 })))).status).toBe(
      200,
    );
    expect(keys).toHaveBeenCalledTimes(1);
  });

  it("renews the keys once after five minutes, without delaying a response", async () => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    await statusOf(token);
    clock.advance(300);
    await statusOf(token);
    expect(keys).toHaveBeenCalledTimes(1);

    clock.advance(1);
    let release = () => {};
    keys.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return issuer.auth.keys();
    });
    expect(await many(() => statusOf(token))).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(2);
    release();
  });

  it("accepts new keys during a rotation without a failed request", async () => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    const old = await issuer.token();
    await statusOf(old);
    for (let n = 1; n < 4; n++) {
      await issuer.rotate();
      const fresh = await issuer.token();
      expect(await many(() => statusOf(fresh))).toEqual(Array(20).fill(200));
      expect(await statusOf(old)).toBe(200);
      clock.advance(11);
    }
    const before = keys.mock.calls.length;
    expect(await many(async () => statusOf(await issuer.token()))).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(before);
  });

  it("looks up an unknown key once in ten seconds, and at most five keys", async () => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    const strangers = await Promise.all(Array.from({ length: 7 }, () => createTestIssuer(clock)));
    const [stranger] = strangers as [typeof issuer];
    await statusOf(await issuer.token());
    for (let n = 0; n < 50; n++) expect(await statusOf(await stranger.token())).toBe(401);
    expect(keys).toHaveBeenCalledTimes(2);

    clock.advance(11);
    const seen: number[] = [];
    for (const { token } of strangers) seen.push(await statusOf(await token()));
    expect(seen).toEqual([401, 401, 401, 401, 401, 503, 503]);
    expect(keys).toHaveBeenCalledTimes(7);
    expect(await statusOf(await issuer.token())).toBe(200);
  });

  it("limits lookups for concurrent tokens with unknown keys", async () => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    const stranger = await createTestIssuer(clock);
    await statusOf(await issuer.token());
    keys.mockImplementation(async () => {
      await scheduler.wait(50);
      return issuer.auth.keys();
    });

    expect(await many(async () => statusOf(await stranger.token()))).toEqual(Array(20).fill(401));
    expect(keys.mock.calls.length).toBeLessThan(4);
    await issuer.rotate();
    expect(await statusOf(await issuer.token())).toBe(200);
  });

  it("uses cached keys while the issuer is unreachable", async () => {
    const { clock, issuer, statusOf } = await createLocal();
    await statusOf(await issuer.token());
    issuer.setReachable(false);

    for (let hour = 0; hour < 48; hour++) {
      clock.advance(HOUR_SECONDS);
      expect(await statusOf(await issuer.token())).toBe(200);
    }
    await issuer.rotate();
    expect(await many(async () => statusOf(await issuer.token()))).toEqual(Array(20).fill(503));
    issuer.setReachable(true);
    clock.advance(11);
    expect(await statusOf(await issuer.token())).toBe(200);
  });

  it("responds with 503 if the issuer was never reached", async () => {
    const { issuer, statusOf } = await createLocal();
    const token = await issuer.token();
    issuer.setReachable(false);

    expect(await statusOf(token)).toBe(503);
    issuer.setReachable(true);
    expect(await statusOf(token)).toBe(200);
  });

  it.each([
    ["no keys", { keys: [] }],
    ["no list", { keys: null }],
    [
      "keys of other kinds",
      { keys: [{ kty: "oct", k: "AAAA", kid: "a", alg: "HS256" }, {}, null, { kid: "b", alg: "ES256" }] },
    ],
  ])("keeps the cached keys when the issuer returns %s", async (_, answer) => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    const garbage = { ok: true, value: { issuer: "https://auth.test", audience: "https://auth.test", ...answer } };
    keys.mockResolvedValueOnce(garbage as never);
    expect(await statusOf(token)).toBe(503);

    expect(await statusOf(token)).toBe(200);
    clock.advance(301);
    keys.mockResolvedValueOnce(garbage as never);
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(token)).toBe(200);
  });

  it.each(["late", "never"])("fetches the keys again when a pending fetch ends %s", async (how) => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    await statusOf(await issuer.token());
    clock.advance(301);
    let release = () => {};
    const late = await issuer.auth.keys();
    keys.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return late;
    });
    await statusOf(await issuer.token());
    await issuer.rotate();
    const fresh = await issuer.token();
    const answers = many(() => statusOf(fresh));
    if (how === "late") release();

    expect(await answers).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(3);
    release();
    await scheduler.wait(10);
    expect(await statusOf(fresh)).toBe(200);
  });

  it("fetches the keys once for concurrent first requests", async () => {
    const { issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    expect(await many(() => statusOf(token))).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(1);
  });

  it("fetches the keys for a waiting request when the first request is canceled", async () => {
    const { issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    vi.useFakeTimers({ toFake: ["Date"] });
    keys.mockImplementationOnce(() => new Promise(() => {}));
    const first = statusOf(token);
    const others = many(() => statusOf(token));
    // The timers of a canceled request never fire.
    vi.setSystemTime(Date.now() + 3001);

    expect(await Promise.race([others, first])).toEqual(Array(20).fill(200));
    vi.useRealTimers();
    expect([await first, keys.mock.calls.length]).toEqual([503, 2]);
    expect(await statusOf(token)).toBe(200);
  });

  it.each([
    ["a response with old keys", (late: unknown) => late],
    ["a failure", () => Promise.reject(new Error("Network connection lost."))],
  ])("keeps newer keys when %s arrives late", async (_, answer) => {
    const { clock, issuer, statusOf, keys } = await createLocal();
    await statusOf(await issuer.token());
    clock.advance(301);
    let release = () => {};
    const late = await issuer.auth.keys();
    keys.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer(late) as never;
    });
    await statusOf(await issuer.token());
    await issuer.rotate();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 3001);
    expect(await statusOf(await issuer.token())).toBe(200);
    release();
    await scheduler.wait(10);

    expect(await statusOf(await issuer.token())).toBe(200);
    expect(keys).toHaveBeenCalledTimes(3);
    await issuer.rotate();
    expect(await statusOf(await issuer.token())).toBe(200);
    expect(keys).toHaveBeenCalledTimes(4);
    vi.useRealTimers();
  });

  it("responds with 503 to requests that waited for a failed fetch", async () => {
    const { issuer, statusOf, keys } = await createLocal();
    await statusOf(await issuer.token());
    await issuer.rotate();
    keys.mockImplementation(async () => {
      await scheduler.wait(50);
      throw new Error("Network connection lost.");
    });

    const fresh = await issuer.token();
    expect(await many(() => statusOf(fresh))).toEqual(Array(20).fill(503));
    expect(keys).toHaveBeenCalledTimes(3);
  });
});
