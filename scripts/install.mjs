/**
 * Installs the dependencies of package-lock.json unless they are installed already. Has no
 * dependencies itself and runs on any version of Node.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// An argument selects another package: `node scripts/install.mjs bench`.
const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", process.argv[2] ?? "");
const marker = join(root, "node_modules", ".installed");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

// The marker is written last, so an interrupted install is repeated.
if (!existsSync(marker) || readFileSync(marker, "utf8") !== lock) {
  console.log("Installing dependencies …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(marker, lock);
}
