import { logError, OwnError } from "../log.ts";
import { err, ok, type Result } from "../result.ts";

/** The Worker in `workers/password-verifier`, which verifies hashes that other systems made. */
export interface PasswordVerifier {
  verify(hash: string, password: string): Promise<boolean | "overloaded">;
}

/** The binding is not in `wrangler.toml`: only a service with imported users needs it. */
export interface VerifierBinding {
  PASSWORD_VERIFIER?: PasswordVerifier | undefined;
}

/** The last of 32 waiting requests has its answer after 17 s if a hash takes 0.54 s. */
const TIMEOUT_MILLISECONDS = 20_000;

/**
 * Tests a password against a hash that another system made. Errors: `overloaded` if too many
 * requests wait; `check_unavailable` if the verifier fails or does not answer.
 */
export async function verifyForeignHash(
  verifier: PasswordVerifier,
  password: string,
  hash: string,
): Promise<Result<boolean>> {
  try {
    const answer: unknown = await Promise.race([
      verifier.verify(hash, password),
      scheduler.wait(TIMEOUT_MILLISECONDS).then(() => "late"),
    ]);
    if (answer === "overloaded") return err("overloaded");
    if (typeof answer === "boolean") return ok(answer);
    throw new OwnError(answer === "late" ? "No answer in time." : "The answer is of another version.");
  } catch (error) {
    logError("password_verifier_failed", error as Error);
    return err("check_unavailable");
  }
}

/** Returns a hash that no password matches, with the cost of this one. Its key is of zeros. */
export const foreignDummy = (hash: string): string =>
  // bcrypt has nothing between the salt and the key.
  hash.replace(hash.startsWith("$2") ? /.{31}$/ : /[^$]+$/, (key) => "A".repeat(key.length));
