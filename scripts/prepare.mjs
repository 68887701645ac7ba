/**
 * Builds the package (`dist`) and the generated files of the Worker.
 *
 * npm runs it after an install in this folder, before `npm pack`, and when another project depends
 * on this repository or has it as a workspace. It has no dependencies and runs on any Node.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command. Its output goes to stderr: on stdout, `npm pack` prints the tarball's name. */
function run(command, ...args) {
  const shell = process.platform === "win32";
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", process.stderr, "inherit"], shell });
  if (status !== 0) process.exit(status ?? 1);
}

function hasCompiler() {
  try {
    return Boolean(createRequire(import.meta.url).resolve("typescript/package.json"));
  } catch {
    return false;
  }
}

/** Returns whether npm is installing this folder: another install here would recurse forever. */
function isBeingInstalled() {
  const { npm_command, npm_config_local_prefix } = process.env;
  return /^(ci|install)$/.test(npm_command ?? "") && resolve(npm_config_local_prefix ?? "") === resolve(root);
}

if (!hasCompiler()) {
  // An install without development dependencies has no tools to build with.
  if (isBeingInstalled()) process.exit(0);
  run(process.execPath, "scripts/install.mjs");
}
run("npm", "run", "--silent", "build:sdk");
// Only the Worker needs these files, and only a Node that runs TypeScript can write them.
if (process.features.typescript) run("npm", "run", "--silent", "build");
