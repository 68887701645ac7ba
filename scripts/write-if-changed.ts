import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a build product unless the file already has this content. `wrangler dev` watches for
 * writes, so a build that always wrote would trigger itself forever. Creates the folder of the
 * file: git does not keep folders that have only build products.
 */
export function writeIfChanged(file: string, content: string) {
  if (existsSync(file) && readFileSync(file, "utf8") === content) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
