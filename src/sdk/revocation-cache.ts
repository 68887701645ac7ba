import type { RevocationFeed } from "../contract/session.ts";
import type { WaitUntil } from "./key-cache.ts";
import { ask, DEADLINE_MILLISECONDS, Unavailable } from "./unavailable.ts";

/** The feed is read again after this time, when a request comes. */
const FRESH_MILLISECONDS = 5000;
/** What was read longer ago decides nothing: the bound that the documentation names. */
const STALE_MILLISECONDS = 15_000;
/** The pause after a read that failed. */
const COOL_DOWN_MILLISECONDS = 1000;
const POLL_MILLISECONDS = 20;
/** Bounds the memory: about 15 MB. */
const MAX_ENTRIES = 100_000;

/** The ended sessions of a service, kept for the lifetime of the isolate. */
export interface RevocationCache {
  /**
   * Tests whether a session has ended, as of at most 15 seconds ago. Reads the feed after the
   * response if it was read less than 15 seconds ago, and else before. Throws `Unavailable` if it
   * was not read for so long and cannot be read now.
   */
  has(sid: string, now: number, waitUntil: WaitUntil | undefined): Promise<boolean>;
}

export function createRevocationCache(load: (since: string | undefined) => Promise<RevocationFeed>): RevocationCache {
  /** When the last access token of each session has expired. */
  const ended = new Map<string, number>();
  let next: string | undefined;
  /** When the last complete read began. By the clock of the caller, as `failedAt`. */
  let readAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  /** Real time: a read never ends if its request is canceled. */
  let begunAt = Number.NEGATIVE_INFINITY;

  const isReading = () => Date.now() - begunAt < DEADLINE_MILLISECONDS;
  const isStale = (now: number) => now - readAt > STALE_MILLISECONDS;
  const hasJustFailed = (now: number) => now - failedAt < COOL_DOWN_MILLISECONDS;

  /** Reads on. Two reads at once do no harm: each moves `next` to where it has read everything. */
  async function read(now: number): Promise<void> {
    try {
      for (let more = true; more; ) {
        begunAt = Date.now();
        const page = await ask(() => load(next));
        for (const [sid, expiresAt] of ended) if (expiresAt < now) ended.delete(sid);
        if (ended.size + page.revocations.length > MAX_ENTRIES) throw new Unavailable("Too many sessions ended.");
        for (const { sid, expires_at } of page.revocations) ended.set(sid, Date.parse(expires_at));
        ({ next, more } = page);
      }
      readAt = Math.max(readAt, now);
    } catch (error) {
      failedAt = now;
      throw error;
    } finally {
      begunAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Waits for a read, polling: workerd does not let a request wait for the I/O of another one. */
  async function readUntilFresh(now: number): Promise<void> {
    while (isStale(now)) {
      if (hasJustFailed(now)) throw new Unavailable("The feed of ended sessions cannot be read.");
      if (isReading()) await new Promise((resume) => setTimeout(resume, POLL_MILLISECONDS));
      else await read(now);
    }
  }

  return {
    async has(sid, now, waitUntil) {
      if (isStale(now)) await readUntilFresh(now);
      else if (now - readAt > FRESH_MILLISECONDS && !isReading() && !hasJustFailed(now)) {
        const reading = read(now).catch(() => {});
        if (waitUntil) waitUntil(reading);
        else await reading;
      }
      return ended.has(sid);
    },
  };
}
