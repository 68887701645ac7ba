/** Files of `public` that the Worker reads for itself, such as word lists. */
import { OwnError } from "./log.ts";

export type Assets = Pick<Fetcher, "fetch">;

/** A file that takes longer counts as missing. */
const TIMEOUT_MILLISECONDS = 1000;

/** Reads a file by its path. Rejects if there is none, or an empty one. */
export async function readStaticFile(assets: Assets, path: string): Promise<string> {
  // The host does not matter.
  const response = await assets.fetch(`https://assets${path}`, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  const text = response.ok && (await response.text());
  if (!text) throw new OwnError(`There is no file public${path}. Run npm run build.`);
  return text;
}
