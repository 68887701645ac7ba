import { env } from "cloudflare:workers";
import { compactVerify, errors, type JWK, type JWTHeaderParameters } from "jose";
import { describe, expect, it } from "vitest";
import { findKey, importPublicKeys, publicHalf, SIGNING_ALGORITHMS, type SigningJwk } from "../../src/crypto/keys.ts";
import { createWorld } from "../support/world.ts";

interface Group {
  comment: string;
  private: JWK;
  public?: JWK;
  tests: { tcId: number; jws: string; result: "valid" | "invalid" }[];
}

const { WYCHEPROOF_JWS: vectors } = env as Env & { WYCHEPROOF_JWS: { testGroups: Group[] } | null };
const groups = vectors?.testGroups ?? [];

/** The groups whose key the settings accept. */
const ours = groups.flatMap(({ comment, private: jwk, public: { alg, kid, key_ops } = {}, tests }) =>
  (alg === "ES256" || alg === "RS256") && kid && !key_ops
    ? [{ comment, jwk: { ...jwk, alg, kid } as SigningJwk, tests }]
    : [],
);

describe.skipIf(!vectors)("the Wycheproof vectors for JWS (skipped without ../shared/vectors)", () => {
  it.each(ours)("agree with this service's keys: $comment, $jwk.kid", async ({ jwk, tests }) => {
    const keys = await importPublicKeys([publicHalf(jwk)]);
    const keyOf = (header: JWTHeaderParameters) => {
      const key = findKey(keys, header);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key;
    };

    for (const { tcId, jws, result } of tests) {
      const verified = await compactVerify(jws, (header) => keyOf(header as JWTHeaderParameters), {
        algorithms: [...SIGNING_ALGORITHMS],
      }).then(
        () => "valid",
        () => "invalid",
      );
      expect([tcId, verified]).toEqual([tcId, result]);
    }
  });

  it("are refused as tokens, even with a valid signature", async () => {
    const keys = [...JSON.parse(env.JWT_SIGNING_KEYS).keys, ...ours.map(({ jwk }) => jwk)] as SigningJwk[];
    const byKid = new Map(keys.map((jwk) => [jwk.kid, jwk]));
    const world = createWorld({ JWT_SIGNING_KEYS: JSON.stringify({ keys: [...byKid.values()] }) });
    const all = groups.flatMap(({ tests }) => tests.map(({ jws }) => jws));

    expect(all.length).toBeGreaterThan(400);
    for (const jws of all) {
      expect((await world.me(jws)).status).toBe(401);
      expect((await world.refresh(jws)).status).toBe(401);
    }
  });
});
