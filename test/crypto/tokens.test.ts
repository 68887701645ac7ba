import { importJWK, type JWTHeaderParameters, SignJWT } from "jose";
import { expect, it } from "vitest";
import { verifyAccessToken } from "../../src/crypto/access-token.ts";
import { findKey, importKeys, type SigningJwk } from "../../src/crypto/keys.ts";
import { drawKey } from "../support/signing-keys.ts";

// Over HTTP these fail because the session is missing. Other verifiers see only the claims.
it.each([
  ["sub", ""],
  ["sid", ""],
  ["jti", ""],
  ["sub", 7],
  ["sid", null],
])("refuses a signed token whose %s is %j", async (name, value) => {
  const jwk = (await drawKey("ES256")) as SigningJwk;
  const { verifying } = await importKeys([jwk]);
  const settings = {
    findKey: (header: JWTHeaderParameters) => findKey(verifying, header),
    issuer: "https://auth.test",
    audience: "https://auth.test",
  };
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: settings.issuer,
    aud: settings.audience,
    sub: "user",
    sid: "session",
    jti: "token",
    iat: now,
    exp: now + 900,
    auth_time: now,
  };
  const sign = async (payload: object) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ: "at+jwt" })
      .sign(await importJWK(jwk, "ES256"));

  expect(await verifyAccessToken(settings, await sign(claims), Date.now())).toMatchObject({ ...claims, roles: [] });
  expect(await verifyAccessToken(settings, await sign({ ...claims, [name]: value }), Date.now())).toBeUndefined();
});
