import { describe, expect, it, vi } from "vitest";
import { keyPair, logged, Upstream } from "../support/upstream.ts";
import type { UpstreamAnswer } from "../support/upstream-server.ts";

const METADATA = "http://169.254.169.254/latest/meta-data/";
const MINUTE = 60_000;

/** An answer of so many bytes of JSON. */
const sized = (bytes: number): UpstreamAnswer => ({ body: JSON.stringify({ a: "a".repeat(bytes) }) });

const JSON_TYPE = { "content-type": "application/json" };

/** Faulty answers. The body is right, unless the entry has one. */
const UNUSABLE: Record<string, UpstreamAnswer> = {
  "a 500": { status: 500 },
  "a 429": { status: 429 },
  "a 404": { status: 404 },
  "a 203": { status: 203 },
  HTML: { headers: { "content-type": "text/html" } },
  "malformed JSON": { body: '{"issuer":' },
  "JSON of another kind": { body: "[]" },
  null: { body: "null" },
  nothing: { body: "" },
  "a redirect": { status: 302, headers: { location: METADATA } },
  "a redirect with an answer": { status: 307, headers: { location: METADATA, ...JSON_TYPE } },
  "a redirect to itself": { status: 302, headers: { location: "keys", ...JSON_TYPE } },
};

const STEPS = {
  discovery: "/.well-known/openid-configuration",
  keys: "/keys",
  token: "/token",
  profile: "/userinfo",
};

/** A provider whose claims are at its userinfo endpoint, which is thus asked at every step. */
async function withUserinfo() {
  const upstream = new Upstream();
  upstream.discover({ userinfo_endpoint: `${upstream.issuer}/userinfo` });
  upstream.answer("/userinfo", { sub: "user-1", email: "jane@example.com", email_verified: true });
  return upstream.serve();
}

/** Replaces the limit of ten seconds by a signal, and all others by none. Returns the limits. */
function limitBy(signal: AbortSignal): number[] {
  const limits: number[] = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation((limit) => {
    limits.push(limit);
    return limit === 10_000 ? signal : new AbortController().signal;
  });
  return limits;
}

describe.each(Object.entries(STEPS))("the step %s", (step, path) => {
  it.each(Object.entries(UNUSABLE))("ends with 503 after %s", async (_, answer) => {
    const lines = logged();
    const upstream = await withUserinfo();
    upstream.answers[path] = { ...upstream.answers[path], ...answer };

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
    expect(lines).toMatchObject([{ event: "provider_unavailable", provider: "acme", step }]);
    expect((await upstream.counts())[path]).toBe(1);
  });

  it.each(["header", "body"] as const)("ends with 503 after five seconds without the end of the %s", async (hangs) => {
    const lines = logged();
    const upstream = await withUserinfo();
    upstream.answers[path] = { hangs };
    await upstream.publishAnswers();
    const { timeout } = AbortSignal;
    const limits: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((limit) => {
      limits.push(limit);
      return timeout.call(AbortSignal, 100);
    });

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
    expect(lines).toMatchObject([{ step, reason: "TimeoutError" }]);
    expect(new Set(limits)).toEqual(new Set([5000, 10_000]));
  });

  it.each(["header", "body"] as const)("ends with 503 ten seconds after the callback, at the %s", async (hangs) => {
    const lines = logged();
    const upstream = await withUserinfo();
    upstream.answers[path] = { hangs };
    await upstream.publishAnswers();
    const callback = new AbortController();
    const limits = limitBy(callback.signal);
    const identified = upstream.identify();
    await vi.waitFor(async () => expect((await upstream.counts())[path]).toBe(1));
    callback.abort(new DOMException("", "TimeoutError"));

    expect(await identified).toEqual({ ok: false, code: "provider_unavailable" });
    expect(lines).toMatchObject([{ step, reason: "TimeoutError" }]);
    expect(limits.filter((limit) => limit === 10_000)).toHaveLength(1);
  });

  it("ends with 503 after an answer that is too large, and reads no further", async () => {
    const lines = logged();
    const upstream = await withUserinfo();
    upstream.answers[path] = sized(path === "/token" || path === "/userinfo" ? 65_536 : 262_144);

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
    expect(lines).toMatchObject([{ step, reason: "too_large" }]);
  });
});

it("GitHub's API has until ten seconds after the callback too", async () => {
  logged();
  const upstream = new Upstream({ kind: "github" });
  upstream.answer("/login/oauth/access_token", { access_token: "canary-access-token" });
  upstream.answer("/api/v3/user", { id: 1 });
  upstream.answers["/api/v3/user/emails"] = { hangs: "header" };
  const callback = new AbortController();
  await upstream.publishAnswers();
  limitBy(callback.signal);
  const identified = upstream.identify();
  await vi.waitFor(async () => expect((await upstream.counts())["/api/v3/user/emails"]).toBe(1));
  callback.abort();

  expect(await identified).toEqual({ ok: false, code: "provider_unavailable" });
});

it.each([302, 429, 500])("an error with the status %d is no refusal of the code", async (status) => {
  logged();
  const upstream = await withUserinfo();
  upstream.answer("/token", { error: "invalid_grant" }, status);

  expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
});

it("a provider that nothing listens for is unavailable", async () => {
  logged();
  const upstream = new Upstream({ issuer: "http://127.0.0.1:9" });

  expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
});

describe("metadata is refused", () => {
  it.each<[string, (issuer: string) => Record<string, unknown>, string]>([
    ["of another issuer", () => ({ issuer: "https://other.example" }), "issuer"],
    ["of an issuer that differs in a slash", (issuer) => ({ issuer: `${issuer}/` }), "issuer"],
    ["with keys over http", () => ({ jwks_uri: "http://other.example/keys" }), "endpoint"],
    ["with keys of another port of this machine", () => ({ jwks_uri: "http://127.0.0.1:1/keys" }), "endpoint"],
    ["with a token endpoint over http", () => ({ token_endpoint: METADATA }), "endpoint"],
    [
      "with an authorization endpoint that is a script",
      () => ({ authorization_endpoint: "javascript:alert(1)" }),
      "endpoint",
    ],
    ["with a userinfo endpoint that is a file", () => ({ userinfo_endpoint: "file:///etc/passwd" }), "endpoint"],
    ["with a password in an endpoint", () => ({ token_endpoint: "https://a:b@other.example/" }), "endpoint"],
    ["without keys", () => ({ jwks_uri: undefined }), "malformed"],
  ])("%s", async (_, changes, reason) => {
    const lines = logged();
    const upstream = new Upstream();
    upstream.discover(changes(upstream.issuer));
    await upstream.serve();

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_unavailable" });
    expect(lines).toMatchObject([{ step: "discovery", reason }]);
  });
});

describe("metadata and keys", () => {
  it("are asked for once an hour", async () => {
    const upstream = await new Upstream().serve();
    for (const minutes of [0, 1, 58, 2]) {
      upstream.at += minutes * MINUTE;
      await upstream.serve();
      expect((await upstream.identify()).ok).toBe(true);
    }

    expect(await upstream.counts()).toEqual({ [STEPS.discovery]: 2, "/keys": 2, "/token": 4 });
  });

  it("are asked for again at once when the provider has rotated its keys", async () => {
    const upstream = await new Upstream().serve();
    await upstream.identify();
    const rotated = await keyPair("ES256", "key-2");
    await upstream.publish(rotated.jwk);
    await upstream.serve({}, { pair: rotated });

    expect((await upstream.identify()).ok).toBe(true);
    expect((await upstream.counts())["/keys"]).toBe(2);
  });

  it("are asked for once a minute however many unknown keys come", async () => {
    logged();
    const upstream = await new Upstream().serve();
    await upstream.identify();
    for (let n = 0; n < 5; n++) {
      await upstream.serve({}, { header: { kid: `unknown-${n}` } });
      expect((await upstream.identify()).ok).toBe(false);
    }
    await upstream.serve();
    expect((await upstream.identify()).ok).toBe(true);
    expect((await upstream.counts())["/keys"]).toBe(2);

    upstream.at += MINUTE;
    await upstream.serve({}, { header: { kid: "unknown" } });
    await upstream.identify();
    expect((await upstream.counts())["/keys"]).toBe(3);
  });

  it("are kept apart for two providers of one issuer", async () => {
    const upstream = await new Upstream().serve();
    await upstream.identify();
    upstream.provider = { ...upstream.provider, id: "other" };
    await upstream.identify();

    expect((await upstream.counts())["/keys"]).toBe(2);
  });
});
