import { vi } from "vitest";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "./guarded-worker.ts";

/** A Worker that verifies tokens locally on a test clock, with spies on the issuer's methods. */
export async function createLocal() {
  const clock = createTestClock();
  const issuer = await createTestIssuer(clock);
  const keys = vi.fn(issuer.auth.keys);
  const verify = vi.fn(issuer.auth.verify);
  const auth = { keys, verify };
  const get = guarded({ auth, tier: "local", now: clock.now });
  const statusOf = async (token: string) => (await get(bearing(token))).status;
  return { clock, issuer, auth, keys, verify, statusOf };
}
