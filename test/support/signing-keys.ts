import { exportJWK, generateKeyPair, type JWK } from "jose";

/** A new private signing key, in the format of the settings. */
export async function drawKey(alg: "ES256" | "EdDSA" | "RS256"): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid: crypto.randomUUID() };
}
