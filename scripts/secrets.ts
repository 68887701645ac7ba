import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";

/** The secrets that a deployment needs, drawn at random. */
export function drawSecrets() {
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const key = { ...jwk, kid: randomUUID(), alg: "ES256", use: "sig" };
  return {
    JWT_SIGNING_KEYS: JSON.stringify({ keys: [key] }),
    PEPPER: randomBytes(32).toString("base64url"),
  };
}

// `npm run --silent secrets | npx wrangler secret bulk`
if (import.meta.main) console.log(JSON.stringify(drawSecrets()));
