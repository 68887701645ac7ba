/**
 * Builds the documentation from `docs` into `public/docs` with VitePress.
 *
 * That takes seconds, so it is skipped unless a source has changed: a file of `docs`, what is
 * generated from `src`, or a dependency.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { writeIfChanged } from "../write-if-changed.ts";
import { errorsMarkdown, operatorsMarkdown } from "./errors.ts";
import { operationsMarkdown } from "./operations.ts";

const GENERATED = "docs/.vitepress/generated";
const SITE = "public/docs";
/** The hash of the sources of the site. It is a file of the site: a copy has both or none. */
const STAMP = `${SITE}/sources.sha256`;

const LOCK = "docs/.vitepress/building";
/** The lock of a process that was killed is ignored after this time. */
const MOST_BUILD_MILLISECONDS = 60_000;
const WAIT_MILLISECONDS = 200;

const SOURCES = [
  "docs/*.md",
  "docs/.vitepress/{*,theme/*,generated/*}",
  "docs/public/*",
  "scripts/docs/*",
  "package.json",
];

/** Builds the site if needed. Needs `public/openapi.json`. */
export function buildSite() {
  mkdirSync(GENERATED, { recursive: true });
  writeIfChanged(`${GENERATED}/errors.md`, errorsMarkdown());
  writeIfChanged(`${GENERATED}/operators.md`, operatorsMarkdown());
  writeIfChanged(`${GENERATED}/operations.md`, operationsMarkdown());

  const hash = hashOf(SOURCES);
  if (isBuilt(hash)) return;
  lock();
  try {
    // Another process may have built it while this one waited.
    if (!isBuilt(hash)) build();
    writeFileSync(STAMP, hash);
  } finally {
    rmdirSync(LOCK);
  }
}

const isBuilt = (hash: string) => existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash;

/** Waits until no other process builds the site: `npm start` may run beside `npm test`. */
function lock() {
  for (;;) {
    try {
      return mkdirSync(LOCK);
    } catch {
      const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (since > 0 && Date.now() - since > MOST_BUILD_MILLISECONDS) rmdirSync(LOCK);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
    }
  }
}

function build() {
  // wrangler and Vitest set NODE_ENV to what their own builds are for.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status, stdout, stderr } = spawnSync("vitepress", ["build", "docs"], {
    encoding: "utf8",
    env,
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
}

function hashOf(patterns: string[]): string {
  const hash = createHash("sha256");
  const files = globSync(patterns).filter((file) => statSync(file).isFile());
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
