import { describe, expect, it, vi } from "vitest";
import { createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { createLocal } from "../support/local-verifier.ts";

const HOUR_SECONDS = 3600;

const many = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, act));

describe("the keys of an issuer", () => {
  it("are asked for once, and then no more", async () => {
    const { issuer, statusOf, keys, verify } = await createLocal();
    const token = await issuer.token();
    for (let n = 0; n < 50; n++) expect(await statusOf(token)).toBe(200);

    expect(await many(() => statusOf(token))).toEqual(Array(20).fill(200));
    expect([keys.mock.calls.length, verify.mock.calls.length]).toEqual([1, 0]);
  });

  it("are shared by whoever checks its tokens", async () => {
    const { issuer, auth, keys, statusOf } = await createLocal();
    await statusOf(await issuer.token());

    expect((await guarded({ auth, tier: "local" })(bearing(await issuer.token({ exp: 4e9, iat: 1 })))).status).toBe(
      200,
    );
    expect(keys).toHaveBeenCalledTimes(1);
  });

  it("are asked for again after five minutes, behind the answer, by one request", async () => {
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

  it("may be rotated while requests come, of which none fails", async () => {
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

  it("are searched for an unknown one once in ten seconds, and for five of them at most", async () => {
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

  it("are searched once for many unknown ones at once", async () => {
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

  it("do for as long as the issuer cannot be reached", async () => {
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

  it("are missing where the issuer has never been reached, which is nobody's fault who calls", async () => {
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
  ])("are kept when %s come in their place", async (_, answer) => {
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

  it.each(["old", "never"])("are asked for again when those under way come %s", async (how) => {
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
    if (how === "old") release();

    expect(await answers).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(3);
    release();
    await scheduler.wait(10);
    expect(await statusOf(fresh)).toBe(200);
  });

  it("are asked for once by however many come first", async () => {
    const { issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    expect(await many(() => statusOf(token))).toEqual(Array(20).fill(200));
    expect(keys).toHaveBeenCalledTimes(1);
  });

  it("are asked for by one of those who wait, when the first is gone", async () => {
    const { issuer, statusOf, keys } = await createLocal();
    const token = await issuer.token();
    vi.useFakeTimers({ toFake: ["Date"] });
    keys.mockImplementationOnce(() => new Promise(() => {}));
    const first = statusOf(token);
    const others = many(() => statusOf(token));
    // As a request that is cancelled, whose timers never fire.
    vi.setSystemTime(Date.now() + 3001);

    expect(await Promise.race([others, first])).toEqual(Array(20).fill(200));
    vi.useRealTimers();
    expect([await first, keys.mock.calls.length]).toEqual([503, 2]);
    expect(await statusOf(token)).toBe(200);
  });

  it.each([
    ["old keys", (late: unknown) => late],
    ["nothing", () => Promise.reject(new Error("Network connection lost."))],
  ])("are not undone by %s that come after newer ones", async (_, answer) => {
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

  it("cannot be told for those who waited for an answer that did not come", async () => {
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
