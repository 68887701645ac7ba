/** Files of `public` that the Worker reads for itself, such as word lists. */
import { OwnError } from "./log.ts";

export type Assets = Pick<Fetcher, "fetch">;

/** A file that takes longer counts as missing. */
const TIMEOUT_MILLISECONDS = 1000;

/** A file of `public` cannot be read. */
export class FileUnavailableError extends OwnError {}

/**
 * Returns a function that reads and parses a file of `public` on first use, and keeps the result in
 * the memory of the isolate. It throws `FileUnavailableError` if the file is missing, empty or
 * malformed, or cannot be read within one second: then the next call tries again.
 */
export function staticFile<T extends object>(
  path: string,
  parseText: (text: string) => T,
): (assets: Assets) => Promise<T> {
  // A cache of values, not promises: a request must not await a promise of another request.
  const loaded = new WeakMap<Assets, T>();
  return async (assets) => {
    const known = loaded.get(assets);
    if (known) return known;
    try {
      // The host does not matter.
      const response = await assets.fetch(`https://assets${path}`, {
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      const text = response.ok && (await response.text());
      if (!text) throw new OwnError("The file is missing or empty.");
      const value = parseText(text);
      loaded.set(assets, value);
      return value;
    } catch (cause) {
      throw new FileUnavailableError(`The file public${path} cannot be read. Run npm run build if it is missing.`, {
        cause,
      });
    }
  };
}
