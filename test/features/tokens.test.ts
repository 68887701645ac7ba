import { env } from "cloudflare:workers";
import { base64url, createLocalJWKSet, decodeJwt, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { drawKey } from "../support/signing-keys.ts";
import { createWorld, createWorldWithJane, ISSUER } from "../support/world.ts";

describe("the JWKS", () => {
  it("verifies the tokens and contains no private key", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { access_token } = await login();

    const { json, headers } = await world.get("/.well-known/jwks.json");

    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(Object.keys(json.keys[0]).sort()).toEqual(["alg", "crv", "iat", "kid", "kty", "use", "x", "y"]);
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(json), { issuer: ISSUER, typ: "at+jwt" });
    expect(payload.sub).toBe(jane.id);
  });

  it.each(["ES256", "EdDSA", "RS256"] as const)("verifies tokens signed with %s", async (alg) => {
    const jwk = await drawKey(alg);
    const { world, login } = await createWorldWithJane({ JWT_SIGNING_KEYS: JSON.stringify({ keys: [jwk] }) });
    const { access_token } = await login();

    const { json } = await world.get("/.well-known/jwks.json");

    expect(json.keys).toHaveLength(1);
    await jwtVerify(access_token, createLocalJWKSet(json), { algorithms: [alg] });
    expect((await world.me(access_token)).status).toBe(200);
  });
});

describe("a forged access token", async () => {
  const [own] = JSON.parse(env.JWT_SIGNING_KEYS).keys as [JWK & { kid: string }];
  const now = () => Math.floor(Date.now() / 1000);
  const header = { alg: "ES256", kid: own.kid, typ: "at+jwt" };

  /** A token that equals a genuine one, except for what the case changes. */
  async function forge(sid: string, sub: string, claims: object, protectedHeader: object, key: JWK | Uint8Array = own) {
    const payload = {
      iss: ISSUER,
      aud: ISSUER,
      sub,
      sid,
      jti: crypto.randomUUID(),
      iat: now(),
      exp: now() + 900,
      auth_time: now(),
      amr: ["pwd"],
      email_verified: false,
      ...claims,
    };
    const full = { ...header, ...protectedHeader };
    return new SignJWT(payload)
      .setProtectedHeader(full)
      .sign(key instanceof Uint8Array ? key : await importJWK(key, full.alg), { crit: { "urn:x": true } });
  }

  /** Sends such a token for an active session and returns the status. */
  async function forger() {
    const { world, jane, login } = await createWorldWithJane();
    const { sid } = decodeJwt((await login()).access_token) as { sid: string };
    return async (claims: object, protectedHeader = {}, key?: JWK | Uint8Array) =>
      (await world.me(await forge(sid, jane.id, claims, protectedHeader, key))).status;
  }

  it("is accepted if it equals a genuine one", async () => {
    expect(await (await forger())({})).toBe(200);
  });

  it.each([
    ["no exp", { exp: undefined }],
    ["exp as text", { exp: "9999999999" }],
    ["exp in the past", { exp: now() - 1 }],
    ["nbf in the future", { nbf: now() + 600 }],
    ["no iat", { iat: undefined }],
    ["iat in the future", { iat: now() + 120 }],
    ["no sub", { sub: undefined }],
    ["an empty sub", { sub: "" }],
    ["no sid", { sid: undefined }],
    ["an empty sid", { sid: "" }],
    ["sid as a list", { sid: ["x"] }],
    ["no jti", { jti: undefined }],
    ["no aud", { aud: undefined }],
    ["another aud", { aud: "https://other.test" }],
    ["aud as a list", { aud: [ISSUER] }],
    ["another issuer", { iss: "https://evil.test" }],
    ["no issuer", { iss: undefined }],
    ["no auth_time", { auth_time: undefined }],
    ["auth_time as text", { auth_time: "1" }],
  ])("is refused because of %s", async (_, claims) => {
    expect(await (await forger())(claims)).toBe(401);
  });

  it("is refused if it exceeds 4 KiB", async () => {
    expect(await (await forger())({ padding: "x".repeat(4096) })).toBe(401);
  });

  it("is accepted from a clock that is a minute ahead", async () => {
    expect(await (await forger())({ iat: now() + 50 })).toBe(200);
  });

  it.each([
    ["the type that refresh tokens once had", { typ: "rt+jwt" }],
    ["no type", { typ: undefined }],
    ["the type JWT", { typ: "JWT" }],
    ["another key id", { kid: "other" }],
    ["no key id", { kid: undefined }],
    ["an unknown critical extension", { crit: ["urn:x"], "urn:x": 1 }],
  ])("is refused because of %s", async (_, protectedHeader) => {
    const statusOf = await forger();
    expect(await statusOf({}, protectedHeader)).toBe(401);
  });

  it("is refused if a foreign key signed it under a known key id", async () => {
    const foreign = await drawKey("ES256");
    expect(await (await forger())({}, {}, foreign)).toBe(401);
  });

  it("is refused if it brings its own key", async () => {
    const { d, ...jwk } = await drawKey("ES256");
    const statusOf = await forger();
    expect(await statusOf({}, { jwk, kid: jwk.kid }, { ...jwk, d } as JWK)).toBe(401);
    expect(await statusOf({}, { jwk }, { ...jwk, d } as JWK)).toBe(401);
    for (const name of ["jku", "x5u"]) {
      expect(await statusOf({}, { [name]: "https://evil.test/jwks.json" }, { ...jwk, d } as JWK)).toBe(401);
    }
  });

  it("is refused if it uses HS256 with the public key as secret", async () => {
    const jwks = await createWorld().get("/.well-known/jwks.json");
    const statusOf = await forger();
    const secrets = [JSON.stringify(jwks.json.keys[0]), jwks.json.keys[0].x, "", own.kid];
    for (const secret of secrets.filter(Boolean)) {
      expect(await statusOf({}, { alg: "HS256" }, new TextEncoder().encode(secret))).toBe(401);
    }
  });

  it("is refused if it uses alg none, in any case, with or without a signature", async () => {
    const { world, login } = await createWorldWithJane();
    const [, payload, signature] = (await login()).access_token.split(".");
    for (const alg of ["none", "None", "NONE", "nOnE"]) {
      const encoded = base64url.encode(JSON.stringify({ ...header, alg }));
      expect((await world.me(`${encoded}.${payload}.`)).status).toBe(401);
      expect((await world.me(`${encoded}.${payload}.${signature}`)).status).toBe(401);
    }
  });

  it("is refused if its payload or signature was changed", async () => {
    const { world, login } = await createWorldWithJane();
    const [head, payload, signature] = (await login()).access_token.split(".") as [string, string, string];
    const tokens = [
      `${head}.${payload}.${signature.slice(0, -4)}`,
      `${head}.${payload}.${signature}AAAA`,
      `${head}.${payload}.${base64url.encode(new Uint8Array(64))}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${payload}.${signature}.${signature}`,
      `${head}.${payload.slice(0, -4)}.${signature}`,
      `${payload}.${head}.${signature}`,
      `..`,
      `${head}..${signature}`,
    ];
    for (const token of tokens) expect((await world.me(token)).status).toBe(401);
  });

  it("is refused if it is a refresh token", async () => {
    const { world, login } = await createWorldWithJane();

    expect((await world.me((await login()).refresh_token)).status).toBe(401);
  });
});
