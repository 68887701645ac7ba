import { logError, OwnError } from "../log.ts";

const BASE_URL = "https://api.pwnedpasswords.com";
const TIMEOUT_MILLISECONDS = 1000;
const PREFIX_LENGTH = 5;

/**
 * Looks a password up in Have I Been Pwned (https://haveibeenpwned.com/API/v3#PwnedPasswords).
 *
 * The service sends only the first five hexadecimal digits of the SHA-1. Padding hides the length
 * of the response. Returns `unavailable` if there is no answer within one second.
 */
export async function isBreached(password: string, baseUrl = BASE_URL): Promise<boolean | "unavailable"> {
  const digest = Buffer.from(await crypto.subtle.digest("SHA-1", Buffer.from(password)))
    .toString("hex")
    .toUpperCase();
  try {
    const answer = await fetch(new URL(`/range/${digest.slice(0, PREFIX_LENGTH)}`, baseUrl), {
      headers: { "Add-Padding": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!answer.ok) throw new OwnError(`Have I Been Pwned answered ${answer.status}.`);
    return hasSuffix(await answer.text(), digest.slice(PREFIX_LENGTH));
  } catch (error) {
    logError("breach_check_failed", error as Error);
    return "unavailable";
  }
}

/** Searches lines of the form `suffix:count`. A line with a count of 0 is padding. */
const hasSuffix = (range: string, suffix: string) =>
  range.split(/\r?\n/).some((line) => line.startsWith(`${suffix}:`) && line !== `${suffix}:0`);
