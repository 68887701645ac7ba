import nodeCrypto from "node:crypto";
import { logError } from "../log.ts";

const BASE_URL = "https://api.pwnedpasswords.com";
const TIMEOUT_MILLISECONDS = 1000;
const PREFIX_LENGTH = 5;

/** Whether the password is known from a data breach, as Have I Been Pwned's range search says
 *  (https://haveibeenpwned.com/API/v3#PwnedPasswords): it learns the first five hexadecimal digits of the password's SHA-1,
 *  and the length of its answer tells a listener nothing. When it does not answer within a second, no password is. */
export async function isBreached(password: string, baseUrl = BASE_URL): Promise<boolean> {
  const digest = nodeCrypto.createHash("sha1").update(password).digest("hex").toUpperCase();
  try {
    const answer = await fetch(new URL(`/range/${digest.slice(0, PREFIX_LENGTH)}`, baseUrl), {
      headers: { "Add-Padding": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return hasSuffix(await answer.text(), digest.slice(PREFIX_LENGTH));
  } catch (error) {
    logError("breach_check_failed", error as Error);
    return false;
  }
}

/** Lines are `suffix:count`; a count of 0 is padding. */
const hasSuffix = (range: string, suffix: string) =>
  range.split(/\r?\n/).some((line) => line.startsWith(`${suffix}:`) && line !== `${suffix}:0`);
