import { exportSPKI, importJWK, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Json,
  type KeyPair,
  keyPair,
  logged,
  sign,
  Upstream,
} from "../support/upstream.ts";

const CODE = { code: "code-1" };
const OTHER_ISSUER = "https://other.example";

const encode = (part: Json | string) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** Signs with a secret, as HS256 does. */
const signBySecret = (claims: Json, secret: string) =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "key-1" }).sign(new TextEncoder().encode(secret));

async function publicPem(): Promise<string> {
  const { jwk } = await keyPair("RS256");
  return exportSPKI((await importJWK(jwk, "RS256", { extractable: true })) as CryptoKey);
}

/** Left half of the SHA-256 of the access token, which ES256 uses. */
async function atHash(token: string) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Buffer.from(digest).subarray(0, 16).toString("base64url");
}

describe("an id_token is refused", () => {
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

  it.each<[string, Json, string]>([
    ["of another client", { aud: "other-client" }, "aud"],
    ["without an audience", { aud: undefined }, "aud"],
    ["of another issuer", { iss: OTHER_ISSUER }, "iss"],
    ["without an issuer", { iss: undefined }, "iss"],
    ["that has expired", { exp: inSeconds(-90) }, "exp"],
    ["without an expiry", { exp: undefined }, "exp"],
    ["with an expiry that is text", { exp: String(inSeconds(300)) }, "exp"],
    ["that was issued in the future", { iat: inSeconds(300), exp: inSeconds(600) }, "iat"],
    ["that was issued long ago", { iat: inSeconds(-7200) }, "iat"],
    ["without a time of issue", { iat: undefined }, "iat"],
    ["that is not valid yet", { nbf: inSeconds(300) }, "nbf"],
    ["without a subject", { sub: undefined }, "sub"],
    ["with an empty subject", { sub: "" }, "sub"],
    ["with a numeric subject", { sub: 1 }, "sub"],
    ["with a subject that storage would change", { sub: "\ud800" }, "sub"],
    ["with a subject that is too long", { sub: "a".repeat(256) }, "sub"],
    ["without a nonce", { nonce: undefined }, "nonce"],
    ["with the nonce of another browser", { nonce: "nonce-of-another" }, "nonce"],
    ["for several clients, without azp", { aud: [CLIENT_ID, "other-client"] }, "azp"],
    ["for several clients, which another asked for", { aud: [CLIENT_ID, "other-client"], azp: "other-client" }, "azp"],
    ["that another client asked for", { azp: "other-client" }, "azp"],
    ["with a text for the time of the sign-in", { auth_time: String(inSeconds(-10)) }, "auth_time"],
    ["with no time of the sign-in", { auth_time: null }, "auth_time"],
    ["with a negative time of the sign-in", { auth_time: -1 }, "auth_time"],
    ["with a sign-in in the future", { auth_time: inSeconds(90) }, "auth_time"],
    ["for another access token", { at_hash: "LDktKdoQak3Pk0cnXxCltA" }, "at_hash"],
  ])("%s", async (_, claims, reason) => {
    const lines = logged();
    const upstream = await new Upstream().serve(claims);

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_refused" });
    expect(lines).toMatchObject([{ event: "provider_refused", step: "id_token", reason }]);
  });

  it("of an issuer that differs in a slash", async () => {
    const upstream = new Upstream();
    await upstream.serve({ iss: `${upstream.issuer}/` });

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_refused" });
  });

  it.each<[string, (claims: Json) => Promise<string> | string]>([
    ["with alg none", (claims) => `${encode({ alg: "none" })}.${encode(claims)}.`],
    ["with alg none and a kid", (claims) => `${encode({ alg: "none", kid: "key-1" })}.${encode(claims)}.`],
    ["signed by the client secret", (claims) => signBySecret(claims, CLIENT_SECRET)],
    ["signed by the public key as a secret", async (claims) => signBySecret(claims, await publicPem())],
    [
      "signed by the public JWK as a secret",
      async (claims) => signBySecret(claims, JSON.stringify((await keyPair("RS256")).jwk)),
    ],
    [
      "signed by another key with the same kid",
      async (claims) => sign(claims, await keyPair("RS256", "key-2"), { kid: "key-1" }),
    ],
    ["signed by a key that is not published", async (claims) => sign(claims, await keyPair("RS256", "key-2"))],
    ["that claims another algorithm than its key has", async (claims) => sign(claims, await keyPair("ES256"))],
    [
      "that brings its own key along",
      async (claims) => {
        const pair = await keyPair("RS256", "key-2");
        return sign(claims, pair, { jwk: pair.jwk, kid: null });
      },
    ],
    [
      "whose claims were changed",
      async (claims) => {
        const [header, , signature] = (await sign(claims, await keyPair("RS256"))).split(".");
        return [header, encode({ ...claims, sub: "victim" }), signature].join(".");
      },
    ],
    ["that is no JWT", () => "canary"],
  ])("%s", async (_, forge) => {
    const upstream = new Upstream();
    upstream.discover();
    await upstream.publish((await keyPair("RS256")).jwk);
    upstream.issue(await forge(upstream.claims()));

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_refused" });
  });

  it.each<[string, (pair: KeyPair) => Promise<unknown[]> | unknown[], Json]>([
    ["if its key is for another algorithm", ({ jwk }) => [{ ...jwk, alg: "ES384" }], {}],
    ["if its key is for encryption", ({ jwk }) => [{ ...jwk, use: "enc" }], {}],
    ["without a kid if two keys fit", async ({ jwk }) => [jwk, (await keyPair("ES256", "key-2")).jwk], { kid: null }],
    [
      "if two keys have its kid",
      async ({ jwk }) => [jwk, { ...(await keyPair("ES256", "key-2")).jwk, kid: jwk.kid }],
      {},
    ],
  ])("%s", async (_, published, header) => {
    const lines = logged();
    const upstream = new Upstream();
    await upstream.publish(...(await published(await keyPair())));
    await upstream.serve({}, { header });

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_refused" });
    expect(lines).toMatchObject([{ step: "id_token", reason: "key" }]);
  });

  it("if the set of keys has a symmetric key of that name", async () => {
    const upstream = new Upstream();
    upstream.discover();
    await upstream.publish({ kty: "oct", kid: "key-1", k: encode(CLIENT_SECRET) });
    upstream.issue(await signBySecret(upstream.claims(), CLIENT_SECRET));

    expect(await upstream.identify()).toEqual({ ok: false, code: "provider_refused" });
  });
});

describe("an id_token is accepted", () => {
  it.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"])("that is signed by %s", async (alg) => {
    const upstream = new Upstream();
    const pair = await keyPair(alg);
    await upstream.publish((await keyPair("ES256", "key-0")).jwk, { kty: "other" }, null, pair.jwk);
    await upstream.serve({}, { pair });

    expect(await upstream.identify()).toMatchObject({ value: { issuer: upstream.issuer, subject: "user-1" } });
  });

  it("without a kid, if one key is of its kind", async () => {
    const upstream = new Upstream();
    await upstream.publish((await keyPair()).jwk, (await keyPair("RS256")).jwk, (await keyPair("EdDSA")).jwk);
    await upstream.serve({}, { header: { kid: null } });

    expect((await upstream.identify()).ok).toBe(true);
  });

  it.each<[string, (upstream: Upstream) => Promise<Json> | Json, Json]>([
    ["with several audiences and azp", () => ({ aud: [CLIENT_ID, "api"], azp: CLIENT_ID }), {}],
    ["with its audience as a list", () => ({ aud: [CLIENT_ID] }), {}],
    ["with the hash of its access token", async () => ({ at_hash: await atHash("canary-access-token") }), {}],
    [
      "within a minute of its times",
      ({ at }) => ({ iat: Math.floor(at / 1000) + 30, exp: Math.floor(at / 1000) - 30 }),
      {},
    ],
  ])("%s", async (_, claims, header) => {
    const upstream = new Upstream();
    await upstream.serve(await claims(upstream), { header });

    expect((await upstream.identify()).ok).toBe(true);
  });
});

describe("a callback", () => {
  const outcome = async (upstream: Upstream, params: Record<string, string> | URLSearchParams) => {
    const result = await upstream.identify(params);
    return result.ok ? "in" : result.code;
  };

  it.each<[string, Record<string, string> | URLSearchParams, string]>([
    ["with the issuer of another provider is a mix-up", { ...CODE, iss: OTHER_ISSUER }, "provider_refused"],
    ["with an empty issuer is a mix-up", { ...CODE, iss: "" }, "provider_refused"],
    [
      "with an error of another provider is a mix-up",
      { error: "access_denied", iss: OTHER_ISSUER },
      "provider_refused",
    ],
    ["of a user who canceled is denied", { error: "access_denied", error_description: "canary" }, "provider_denied"],
    ["of a user who canceled at Apple is denied", { error: "user_cancelled_authorize" }, "provider_denied"],
    ["of a provider that is down says so", { error: "temporarily_unavailable" }, "provider_unavailable"],
    ["with any other error is refused", { error: "canary" }, "provider_refused"],
    ["with a code and an error is refused", { ...CODE, error: "invalid_scope" }, "provider_refused"],
    ["without a code is refused", {}, "provider_refused"],
    ["with an empty code is refused", { code: "" }, "provider_refused"],
    ["with two codes is refused", new URLSearchParams("code=a&code=b"), "provider_refused"],
  ])("%s, and no code is sent", async (_, params, code) => {
    const upstream = await new Upstream().serve();

    expect(await outcome(upstream, params)).toBe(code);
    expect((await upstream.counts())["/token"]).toBeUndefined();
  });

  it("needs an issuer if the provider always names one", async () => {
    const upstream = new Upstream();
    upstream.discover({ authorization_response_iss_parameter_supported: true });
    await upstream.serve();

    expect(await outcome(upstream, CODE)).toBe("provider_refused");
    expect(await outcome(upstream, { ...CODE, iss: upstream.issuer })).toBe("in");
  });

  it("with a code that the provider does not accept is refused", async () => {
    const upstream = await new Upstream().serve();
    upstream.answer("/token", { error: "invalid_grant", error_description: "canary" }, 400);

    expect(await outcome(upstream, CODE)).toBe("provider_refused");
  });

  it("leaves neither secrets nor texts of the provider in the log", async () => {
    const lines = logged();
    const upstream = await new Upstream().serve({ aud: "canary" });
    await upstream.identify({ code: "canary" });
    upstream.answer("/token", { error: "Canary", error_description: "canary" }, 400);
    await upstream.identify({ code: "canary" });
    upstream.answers["/token"] = { body: "{canary" };
    await upstream.identify({ code: "canary" });
    await upstream.identify({ error: "canary" });

    expect(lines).toMatchObject([
      { event: "provider_refused", provider: "acme", step: "id_token", reason: "aud" },
      { event: "provider_refused", provider: "acme", step: "token", reason: "failed" },
      { event: "provider_unavailable", provider: "acme", step: "token", reason: "SyntaxError" },
      { event: "provider_refused", provider: "acme", step: "callback", reason: "error" },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/canary/i);
  });
});
