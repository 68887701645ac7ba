import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { authorizationUrl } from "../../src/identity-providers/authorization-url.ts";
import { identify } from "../../src/identity-providers/identify.ts";
import type { IdentityProvider } from "../../src/identity-providers/provider.ts";
import {
  CALLBACK,
  CLIENT,
  type RealUpstream,
  signInAt,
  startMockServer,
  startOidcProvider,
} from "../support/real-upstreams.ts";

const deps = { now: Date.now };

const providerAt = (issuer: string): IdentityProvider => ({
  id: "acme",
  name: "Acme",
  kind: "oidc",
  issuer,
  clientId: CLIENT.client_id,
  credential: { clientSecret: CLIENT.client_secret },
  scopes: ["openid", "email", "profile"],
  callbackMethod: "GET",
});

const newRequest = () => {
  const [state, nonce, codeVerifier] = [16, 16, 32].map((bytes) => randomBytes(bytes).toString("base64url"));
  return { redirectUri: CALLBACK, state: state!, nonce: nonce!, codeVerifier: codeVerifier! };
};
type SignIn = ReturnType<typeof newRequest>;

/**
 * Goes all the way. `remembered` changes what the second half of the sign-in knows, `params` change
 * the callback: an empty one is removed.
 */
async function signIn(
  provider: IdentityProvider,
  remembered: Partial<SignIn> = {},
  params: Record<string, string> = {},
  maxAgeSeconds?: number,
) {
  const request = { ...newRequest(), maxAgeSeconds };
  const start = await authorizationUrl(deps, provider, request);
  if (!start.ok) throw new Error(start.code);
  const { searchParams } = await signInAt(start.value);
  for (const [name, value] of Object.entries(params)) {
    if (value) searchParams.set(name, value);
    else searchParams.delete(name);
  }
  return { request, searchParams, result: await identify(deps, provider, searchParams, { ...request, ...remembered }) };
}

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  // oidc-provider warns about its defaults.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

describe("oidc-provider", () => {
  const started: RealUpstream[] = [];
  afterAll(() => Promise.all(started.map(({ stop }) => stop())));
  const start = async (...args: Parameters<typeof startOidcProvider>) => {
    const upstream = await startOidcProvider(...args);
    started.push(upstream);
    return providerAt(upstream.issuer);
  };

  it.each([
    ["a secret in a header and RS256", {}],
    ["a secret in the form", { token_endpoint_auth_method: "client_secret_post" as const }],
  ])("signs a user in with %s", async (_, client) => {
    const provider = await start(client);
    // Its metadata lists both ways for all clients.
    if ("token_endpoint_auth_method" in client) provider.kind = "google";
    const { searchParams, result } = await signIn(provider);

    expect(searchParams.get("iss")).toBe(provider.issuer);
    expect(result).toMatchObject({ ok: true, value: { issuer: provider.issuer, subject: "jane" } });
  });

  it("gives address and names at its userinfo endpoint", async () => {
    const { result } = await signIn(await start());

    expect(result).toMatchObject({
      value: { email: "jane@example.com", emailVerified: true, firstName: "Jane", lastName: "Doe", locale: "de" },
    });
  });

  it("says when the user signed in if a step-up asks", async () => {
    const { result } = await signIn(await start(), {}, {}, 300);

    expect(result).toMatchObject({ value: { authenticatedAt: expect.any(Number) } });
  });

  it.each<[string, Partial<SignIn>, Record<string, string>]>([
    ["the verifier of another request", { codeVerifier: "v".repeat(43) }, {}],
    ["the nonce of another request", { nonce: "other" }, {}],
    ["the callback of another provider", { redirectUri: `${CALLBACK}/other` }, {}],
    ["another code", {}, { code: "other" }],
    ["the issuer of another provider", {}, { iss: "https://other.example" }],
    ["no issuer, which it promises to send", {}, { iss: "" }],
  ])("refuses %s", async (_, remembered, params) => {
    const { result } = await signIn(await start(), remembered, params);

    expect(result).toEqual({ ok: false, code: "provider_refused" });
  });

  it("refuses a code that was used, and a wrong secret", async () => {
    const provider = await start();
    const { searchParams, request, result } = await signIn(provider);
    expect(result.ok).toBe(true);

    expect(await identify(deps, provider, searchParams, request)).toMatchObject({
      code: "provider_refused",
    });
    const wrong = { ...provider, credential: { clientSecret: "wrong" } };
    expect((await signIn(wrong)).result).toMatchObject({ code: "provider_refused" });
  });
});

describe("oauth2-mock-server", () => {
  let upstream: Awaited<ReturnType<typeof startMockServer>>;
  beforeAll(async () => {
    upstream = await startMockServer({ takesSecret: true });
  });
  afterAll(() => upstream.stop());

  it("is unavailable if it takes no secret", async () => {
    const open = await startMockServer({ takesSecret: false });

    expect((await signIn(providerAt(open.issuer))).result).toMatchObject({ code: "provider_unavailable" });
    await open.stop();
  });

  /** Signs in with an id_token that has other claims. */
  async function withClaims(claims: object) {
    upstream.server.service.once("beforeTokenSigning", () =>
      upstream.server.service.once("beforeTokenSigning", (token) => Object.assign(token.payload, claims)),
    );
    return (await signIn(providerAt(upstream.issuer))).result;
  }

  it("signs a user in", async () => {
    const claims = { aud: CLIENT.client_id, email: "jane@example.com", email_verified: true };

    expect(await withClaims(claims)).toMatchObject({ ok: true, value: { subject: "johndoe", emailVerified: true } });
  });

  it.each([
    ["another audience", { aud: "other" }],
    ["another issuer", { iss: "https://other.example" }],
    ["an expiry in the past", { exp: 1 }],
    ["another nonce", { nonce: "other" }],
  ])("is refused with %s", async (_, claims) => {
    expect(await withClaims({ aud: CLIENT.client_id, ...claims })).toEqual({ ok: false, code: "provider_refused" });
  });
});
