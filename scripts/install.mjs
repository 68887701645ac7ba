// Installs what package-lock.json asks for, unless that is what is installed. Runs before anything is, on any Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// `bench` has dependencies of its own: `node scripts/install.mjs bench`.
const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", process.argv[2] ?? "");
const marker = join(root, "node_modules", ".installed");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

// The marker is written last, so an interrupted install is done again.
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
