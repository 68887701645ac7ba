import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Writes a build product unless the file already has this content. `wrangler dev` watches for
 * writes, so a build that always wrote would trigger itself forever.
 */
export function writeIfChanged(file: string, content: string) {
  if (!existsSync(file) || readFileSync(file, "utf8") !== content) writeFileSync(file, content);
}
