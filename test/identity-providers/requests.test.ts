import { describe, expect, it } from "vitest";
import { authorizationUrl } from "../../src/identity-providers/authorization-url.ts";
import type { ProviderKind } from "../../src/identity-providers/provider.ts";
import { CLIENT_ID, REQUEST, Upstream } from "../support/upstream.ts";

describe("the client authenticates", () => {
  it.each<[string, string[] | undefined, string]>([
    ["in a header by default", undefined, "header"],
    ["in a header if it can choose", ["client_secret_post", "client_secret_basic"], "header"],
    ["in the form if the provider wants that", ["client_secret_post"], "form"],
    ["not at all without its secret", ["none", "private_key_jwt"], "never"],
  ])("%s", async (_, methods, place) => {
    const credential = { clientSecret: "a b:ü%" };
    const upstream = new Upstream({ clientId: CLIENT_ID, credential });
    upstream.discover({ token_endpoint_auth_methods_supported: methods });
    await upstream.serve();
    const { ok } = await upstream.identify();

    const [request] = (await upstream.received()).filter(({ path }) => path === "/token");
    const { client_secret, ...form } = Object.fromEntries(new URLSearchParams(request?.body));
    expect(ok).toBe(place !== "never");
    expect(request?.headers["authorization"]).toBe(
      place === "header" ? `Basic ${btoa(`${CLIENT_ID}:a+b%3A%C3%BC%25`)}` : undefined,
    );
    expect(client_secret).toBe(place === "form" ? credential.clientSecret : undefined);
    expect(form).toMatchObject(
      place === "never"
        ? {}
        : {
            grant_type: "authorization_code",
            code: "code-1",
            redirect_uri: REQUEST.redirectUri,
            code_verifier: REQUEST.codeVerifier,
          },
    );
  });
});

it.each<[ProviderKind, object]>([
  ["oidc", { prompt: "login", max_age: "300" }],
  ["microsoft", { prompt: "login", max_age: "300" }],
  ["google", {}],
  ["apple", {}],
  ["github", {}],
])("a step-up at %s asks for a new sign-in there if that is documented", async (kind, asked) => {
  const upstream = new Upstream({ kind });
  upstream.discover();
  await upstream.publishAnswers();
  const parametersOf = async (maxAgeSeconds?: number) => {
    const request = { ...REQUEST, state: "s", maxAgeSeconds };
    const url = await authorizationUrl({ now: Date.now }, upstream.provider, request);
    const { prompt, max_age } = Object.fromEntries(url.ok ? url.value.searchParams : []);
    return { ...(prompt && { prompt }), ...(max_age && { max_age }) };
  };

  expect([await parametersOf(300), await parametersOf()]).toEqual([asked, {}]);
});

it("the browser is sent to the provider with state, nonce and the challenge of the verifier", async () => {
  const upstream = new Upstream();
  upstream.discover({ authorization_endpoint: `${upstream.issuer}/authorize?tenant=1` });
  await upstream.publishAnswers();

  // RFC 7636 appendix B.
  const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const request = { ...REQUEST, codeVerifier, state: "s", loginHint: "jane@example.com" };
  const url = await authorizationUrl({ now: Date.now }, upstream.provider, request);

  expect(url.ok && Object.fromEntries(url.value.searchParams)).toEqual({
    tenant: "1",
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: REQUEST.redirectUri,
    scope: "openid email profile",
    state: "s",
    nonce: REQUEST.nonce,
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    login_hint: "jane@example.com",
  });
});
