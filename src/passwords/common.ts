import { logError, OwnError } from "../log.ts";
import { isDate } from "./dates.ts";
import { foldPassword } from "./normalization.ts";
import { isCommonIn, parseList } from "./quality.ts";

type Assets = Pick<Fetcher, "fetch">;

/** The host does not matter. */
const LIST = "https://assets/pages/common-passwords.txt";
const TIMEOUT_MILLISECONDS = 1000;

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
    const list = loaded.get(assets) ?? (await read(assets));
    loaded.set(assets, list);
    return isCommonIn(list, password);
  } catch (error) {
    logError("common_passwords_not_loaded", error as Error);
    return "unavailable";
  }
}

async function read(assets: Assets): Promise<Set<string>> {
  const response = await assets.fetch(LIST, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  const text = response.ok && (await response.text());
  if (!text) throw new OwnError("There is no list of common passwords. Run npm run build.");
  return parseList(text);
}
