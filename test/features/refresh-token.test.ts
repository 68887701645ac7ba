import { env } from "cloudflare:workers";
import { base64url, createLocalJWKSet, decodeJwt, importJWK, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createWorld, createWorldWithJane, ISSUER } from "../support/world.ts";

const random = () => base64url.encode(crypto.getRandomValues(new Uint8Array(32)));

describe("a refresh token", () => {
  it("is verified by no key of the key set, so that no service takes it for an access token", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const jwks = createLocalJWKSet((await world.get("/.well-known/jwks.json")).json);

    // As careless services do it: no type, no audience, no issuer.
    await expect(jwtVerify(access_token, jwks)).resolves.toBeDefined();
    await expect(jwtVerify(refresh_token, jwks)).rejects.toThrow();
    expect(() => decodeJwt(refresh_token)).toThrow();
  });

  it("of the form that the service once signed with its keys is refused", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { sid } = decodeJwt<{ sid: string }>((await login()).access_token);
    const [key] = JSON.parse(env.JWT_SIGNING_KEYS).keys;
    const claims = { iss: ISSUER, aud: `${ISSUER}/auth/refresh`, sub: jane.id, sid, jti: "x", gen: 0 };
    const old = await new SignJWT(claims)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "rt+jwt" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(await importJWK(key, key.alg));

    expect((await world.refresh(old)).json.code).toBe("invalid_refresh_token");
    expect((await world.logout({ refresh_token: old })).json.code).toBe("invalid_refresh_token");
  });

  it("is refused after any change to it, and stays valid", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const { refresh_token } = await login();
    const [payload, mac] = refresh_token.split(".") as [string, string];
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    const withClaims = (changed: unknown[]) => `${base64url.encode(JSON.stringify(changed))}.${mac}`;
    const [userId, sessionId, generation, expiresAt] = claims;
    expect(userId).toBe(jane.id);

    for (const changed of [
      withClaims([crypto.randomUUID(), sessionId, generation, expiresAt]),
      withClaims([userId, crypto.randomUUID(), generation, expiresAt]),
      withClaims([userId, sessionId, generation + 1, expiresAt]),
      withClaims([userId, sessionId, generation, expiresAt + 1]),
      withClaims([]),
      `${payload}.${mac.slice(0, -1)}`,
      `${payload}.${mac}A`,
      `${payload}.${base64url.encode(new Uint8Array(32))}`,
      `${payload}.`,
      payload,
      `.${mac}`,
      `${mac}.${payload}`,
      `${payload}.${mac}.`,
      `${payload}=.${mac}`,
      ".",
    ]) {
      expect((await world.refresh(changed)).status, changed).toBe(401);
    }
    // Every single character counts.
    for (let at = 0; at < refresh_token.length; at += 7) {
      const other = refresh_token[at] === "A" ? "B" : "A";
      const changed = refresh_token.slice(0, at) + other + refresh_token.slice(at + 1);
      expect((await world.refresh(changed)).status, changed).toBe(401);
    }
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it("is written under the first pepper and read under all, so that a pepper can be replaced", async () => {
    const [old, fresh] = [random(), random()];
    const { login } = await createWorldWithJane({ PEPPER: old });
    const { refresh_token } = await login();

    expect((await createWorld({ PEPPER: fresh }).refresh(refresh_token)).status).toBe(401);
    const { json } = await createWorld({ PEPPER: `${fresh},${old}` }).refresh(refresh_token);
    expect((await createWorld({ PEPPER: old }).refresh(json.refresh_token)).status).toBe(401);
    expect((await createWorld({ PEPPER: fresh }).refresh(json.refresh_token)).status).toBe(200);
  });
});
