import { logError } from "../log.ts";
import type { RevokedSession } from "./session-revocation.ts";

/** KV rejects a shorter one. */
const MIN_TTL_SECONDS = 60;

const keyOf = (sessionId: string) => `sid:${sessionId}`;

/**
 * Writes revoked sessions to KV, which every edge reads, so that their access tokens are refused
 * within about a minute. Returns the ids it wrote and never rejects: D1 has revoked the sessions,
 * and the schedule writes each of them again.
 */
export async function denySessions(denylist: KVNamespace, sessions: RevokedSession[], now: number): Promise<string[]> {
  const puts = sessions.map(async ({ id, expiresAt }) => {
    const ttl = Math.ceil((expiresAt - now) / 1000);
    await denylist.put(keyOf(id), "", { expirationTtl: Math.max(ttl, MIN_TTL_SECONDS) });
    return id;
  });
  const results = await Promise.allSettled(puts);
  for (const result of results) if (result.status === "rejected") logError("denylist_failed", result.reason);
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/**
 * Tests whether this edge knows the session as revoked, up to a minute late. Returns undefined if
 * KV does not answer.
 */
export async function isDenied(denylist: KVNamespace, sessionId: string): Promise<boolean | undefined> {
  try {
    return (await denylist.get(keyOf(sessionId))) !== null;
  } catch (error) {
    logError("denylist_failed", error as Error);
    return undefined;
  }
}
