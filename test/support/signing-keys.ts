import { exportJWK, generateKeyPair, type JWK } from "jose";
import { MIN_SIGNING_RSA_BITS } from "../../src/crypto/keys.ts";

/** A new private signing key, in the format of the settings. The length is for RSA. */
export async function drawKey(
  alg: "ES256" | "EdDSA" | "RS256",
  modulusLength = MIN_SIGNING_RSA_BITS,
): Promise<JWK & { kid: string; nbf?: number }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength });
  return { ...(await exportJWK(privateKey)), alg, kid: crypto.randomUUID() };
}
