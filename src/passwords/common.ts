import { logError } from "../log.ts";
import { type Assets, readStaticFile } from "../static-file.ts";
import { isDate } from "./dates.ts";
import { foldPassword } from "./normalization.ts";
import { isCommonIn, parseList } from "./quality.ts";

const LIST = "/pages/common-passwords.txt";

/** A cache of values, not promises: a request must not await a promise of another request. */
const loaded = new WeakMap<Assets, Set<string>>();

/**
 * Tests whether a password is one of the 5000 most common (@zxcvbn-ts), or a date.
 *
 * `npm run build` writes the list to `public`; the Worker reads it on first use and keeps it in the
 * memory of the isolate. Returns `unavailable` if the list cannot be read within one second: then
 * the next call tries again.
 */
export async function isCommon(password: string, assets: Assets): Promise<boolean | "unavailable"> {
  // Needs no list.
  if (isDate(foldPassword(password))) return true;
  try {
    const list = loaded.get(assets) ?? parseList(await readStaticFile(assets, LIST));
    loaded.set(assets, list);
    return isCommonIn(list, password);
  } catch (error) {
    logError("common_passwords_not_loaded", error as Error);
    return "unavailable";
  }
}
