import { logError } from "../log.ts";
import { type Assets, staticFile } from "../static-file.ts";
import { isDate } from "./dates.ts";
import { foldPassword } from "./normalization.ts";
import { isCommonIn, parseList } from "./quality.ts";

const commonPasswords = staticFile("/pages/common-passwords.txt", parseList);

/**
 * Tests whether a password is one of the 5000 most common (@zxcvbn-ts), or a date.
 *
 * `npm run build` writes the list to `public`. Returns `unavailable` if it cannot be read.
 */
export async function isCommon(password: string, assets: Assets): Promise<boolean | "unavailable"> {
  // Needs no list.
  if (isDate(foldPassword(password))) return true;
  try {
    return isCommonIn(await commonPasswords(assets), password);
  } catch (error) {
    logError("common_passwords_not_loaded", error as Error);
    return "unavailable";
  }
}
