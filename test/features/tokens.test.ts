import { env } from "cloudflare:workers";
import {
  base64url,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { describe, expect, it, vi } from "vitest";
import { drawKey } from "../support/signing-keys.ts";
import { createWorld, createWorldWithJane, ISSUER } from "../support/world.ts";

const DAY = 86_400;

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

describe("signing keys", () => {
  const keySet = (...keys: object[]) => ({ JWT_SIGNING_KEYS: JSON.stringify({ keys }) });

  it("sign with the first and verify with all: dropping a key refuses its access tokens", async () => {
    const [old, fresh] = [await drawKey("ES256"), await drawKey("EdDSA")];
    const { login } = await createWorldWithJane(keySet(old));
    const { access_token, refresh_token } = await login();

    const [rotated, pruned] = [createWorld(keySet(fresh, old)), createWorld(keySet(fresh))];

    expect((await pruned.me(access_token)).status).toBe(401);
    expect((await rotated.me(access_token)).status).toBe(200);
    const { json } = await rotated.refresh(refresh_token);
    expect(decodeProtectedHeader(json.access_token)).toMatchObject({ kid: fresh.kid, alg: "EdDSA" });
    expect((await createWorld(keySet(old, fresh)).me(json.access_token)).status).toBe(200);
    expect((await pruned.refresh(json.refresh_token)).status).toBe(200);
  });

  it("verify without a private part once they are retired", async () => {
    const [old, fresh] = [await drawKey("RS256"), await drawKey("ES256")];
    const { world, login } = await createWorldWithJane(keySet(old));
    const { access_token, refresh_token } = await login();
    const [retired] = (await world.get("/.well-known/jwks.json")).json.keys;

    const rotated = createWorld(keySet(fresh, retired));

    expect((await rotated.me(access_token)).status).toBe(200);
    expect((await rotated.refresh(refresh_token)).status).toBe(200);
    expect((await createWorld(keySet(retired, fresh)).get("/health")).json.code).toBe("misconfigured");
  });

  it("of a later rotation are published before they sign, and replace the signing key in time", async () => {
    const start = Math.floor(Date.now() / 1000) + DAY;
    const [old, next] = [await drawKey("ES256"), { ...(await drawKey("EdDSA")), nbf: start }];
    const added = { [`JWT_SIGNING_KEYS_${start}`]: JSON.stringify({ keys: [next] }) };
    const { world, login } = await createWorldWithJane({ ...keySet(old), ...added });
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;
    const before = await login();
    const published = (await world.get("/.well-known/jwks.json")).json.keys;
    expect(published).toMatchObject([{ kid: old.kid }, { kid: next.kid, nbf: start }]);
    expect(published[1]).not.toHaveProperty("d");

    vi.useFakeTimers({ toFake: ["Date"], now: (start - 1) * 1000 });
    const late = (await world.refresh(before.refresh_token)).json;
    vi.setSystemTime(start * 1000);
    const after = (await world.refresh(late.refresh_token)).json;

    expect([before, late, after].map(({ access_token }) => kidOf(access_token))).toEqual([old.kid, old.kid, next.kid]);
    expect((await world.me(late.access_token)).status).toBe(200);
    expect((await world.me(after.access_token)).status).toBe(200);
    const withdrawn = createWorld({ JWT_SIGNING_KEYS: "", ...added });
    expect((await withdrawn.me(late.access_token)).status).toBe(401);
    expect((await withdrawn.me(after.access_token)).status).toBe(200);
  });

  it("sign early if no other key is left", async () => {
    const start = Math.floor(Date.now() / 1000) + DAY;
    const [soon, later] = [await drawKey("ES256"), await drawKey("ES256")];
    const set = keySet({ ...later, nbf: start + 1 }, { ...soon, nbf: start });
    const { login } = await createWorldWithJane(set);

    expect(decodeProtectedHeader((await login()).access_token).kid).toBe(soon.kid);
  });

  it("of RSA sign with at least 3072 bits: a shorter key from before only verifies", async () => {
    const short = await drawKey("RS256", 2048);
    const fresh = await drawKey("RS256");
    const iat = Math.floor(Date.now() / 1000);

    const { world, login } = await createWorldWithJane(keySet(short, { ...fresh, nbf: iat + DAY }));

    const token = (await login()).access_token;
    expect(decodeProtectedHeader(token).kid).toBe(fresh.kid);
    const old = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: "RS256", kid: short.kid, typ: "at+jwt" })
      .sign(await importJWK(short, "RS256"));
    expect((await world.me(old)).status).toBe(200);
    expect((await createWorld(keySet(short)).get("/health")).json.code).toBe("misconfigured");
  });

  it("sign access tokens for the audience of the settings", async () => {
    const { world, login } = await createWorldWithJane({ ACCESS_TOKEN_AUDIENCE: "https://api.test" });
    const { access_token, refresh_token } = await login();

    expect(decodeJwt(access_token).aud).toBe("https://api.test");
    expect((await world.refresh(refresh_token)).status).toBe(200);
    expect((await createWorld({ ACCESS_TOKEN_AUDIENCE: "https://other.test" }).me(access_token)).status).toBe(401);
  });
});
