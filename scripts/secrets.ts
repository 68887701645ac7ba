import { randomBytes } from "node:crypto";
import { drawKey } from "./keys.ts";

/** Creates random values for the secrets that a deployment requires. */
export function drawSecrets() {
  return {
    JWT_SIGNING_KEYS: JSON.stringify({ keys: [drawKey("ES256")] }),
    PEPPER: randomBytes(32).toString("base64url"),
  };
}

// `npm run --silent secrets | npx wrangler secret bulk`
if (import.meta.main) console.log(JSON.stringify(drawSecrets()));
