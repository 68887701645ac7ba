/**
 * Installs the dependencies of package-lock.json unless they are installed already. Has no
 * dependencies itself and runs on any version of Node.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

// An argument selects another package: `node scripts/install.mjs bench`.
const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", process.argv[2] ?? "");
const modules = join(root, "node_modules");
const marker = join(modules, ".installed");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});

/** Finds the nearest folder, from this one up, that has this version of a package installed. */
function folderWith(name, version) {
  for (let folder = root; ; folder = dirname(folder)) {
    if (readJson(join(folder, "node_modules", name, "package.json")).version === version) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Returns whether a project above this folder, such as a workspace root, has the dependencies. */
function isInstalledAbove() {
  const { dependencies, devDependencies } = readJson(join(root, "package.json"));
  const folders = Object.entries({ ...dependencies, ...devDependencies }).map((entry) => folderWith(...entry));
  return !folders.includes(undefined) && folders.some((folder) => folder !== root);
}

// The marker is written last, so an interrupted install is repeated.
const isInstalled = existsSync(marker) && readFileSync(marker, "utf8") === lock;
if (!isInstalled && !isInstalledAbove()) {
  console.log("Installing dependencies …");
  // Overrides the flags of the outer command, such as those of `npm pack --dry-run`.
  const flags = ["--include=dev", "--dry-run=false", "--global=false"];
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...flags], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(modules, { recursive: true });
  writeFileSync(marker, lock);
}
