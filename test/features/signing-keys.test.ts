import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { drawKey } from "../support/signing-keys.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const DAY = 86_400;

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
