/**
 * The password verifier: tests a password against a hash that another system made. It is a Worker
 * of its own because Argon2 may need most of the memory of an isolate.
 *
 * It hashes one password at a time, as Gatehouse does, and stores nothing.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { logError, OwnError } from "../../../src/log.ts";
import { isAffordable, parseForeignHash } from "../../../src/passwords/foreign-hash-format.ts";
import type { PasswordVerifier } from "../../../src/passwords/foreign-hashes.ts";
import { runExclusive } from "../../../src/passwords/hash-queue.ts";
import { loadArgon2id, matches } from "./matches.ts";

export default class extends WorkerEntrypoint<unknown> implements PasswordVerifier {
  /** A Worker without a handler cannot be deployed. */
  fetch() {
    return new Response(null, { status: 404 });
  }

  /**
   * Tests whether a password matches a stored hash. A hash in an unknown format, or one that costs
   * too much, matches no password and is logged. Returns `overloaded` if too many requests wait.
   */
  async verify(hash: string, password: string): Promise<boolean | "overloaded"> {
    const parsed = parseForeignHash(hash);
    if (!parsed || !isAffordable(parsed)) {
      const reason = parsed ? `${parsed.algorithm} with this cost` : "This format";
      logError("password_hash_refused", new OwnError(`${reason} is not supported.`));
      return false;
    }
    if (parsed.algorithm === "argon2id") await loadArgon2id();
    const matched = await runExclusive(() => matches(parsed, password));
    return matched.ok ? matched.value : "overloaded";
  }
}
