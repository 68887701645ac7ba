import { vi } from "vitest";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "./guarded-worker.ts";

/** A Worker that checks tokens by themselves, at noon, and how often it has asked for the keys. */
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
