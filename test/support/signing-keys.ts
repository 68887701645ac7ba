import { exportJWK, generateKeyPair, type JWK } from "jose";

/** A fresh private signing key as the settings want it. */
export async function drawKey(alg: "ES256" | "EdDSA" | "RS256"): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid: crypto.randomUUID() };
}
