/**
 * Builds the documentation from `docs` into `public/docs` with VitePress.
 *
 * That takes seconds, so it is skipped unless a source has changed: a file of `docs`, what is
 * generated from `src`, or a dependency.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { writeIfChanged } from "../write-if-changed.ts";
import { errorsMarkdown } from "./errors.ts";
import { operationsMarkdown } from "./operations.ts";

const GENERATED = "docs/.vitepress/generated";
const SITE = "public/docs";
/** The hash of the sources of the site. It is a file of the site: a copy has both or none. */
const STAMP = `${SITE}/sources.sha256`;

const SOURCES = [
  "docs/*.md",
  "docs/.vitepress/{*,theme/*,generated/*}",
  "docs/public/*",
  "scripts/docs/*",
  "package-lock.json",
];

/** Builds the site if needed. Needs `public/openapi.json`. */
export function buildSite() {
  mkdirSync(GENERATED, { recursive: true });
  writeIfChanged(`${GENERATED}/errors.md`, errorsMarkdown());
  writeIfChanged(`${GENERATED}/operations.md`, operationsMarkdown());

  const hash = hashOf(SOURCES);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  // wrangler and Vitest set NODE_ENV to what their own builds are for.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status, stdout, stderr } = spawnSync("vitepress", ["build", "docs"], {
    encoding: "utf8",
    env,
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(stdout, stderr);
    process.exit(status ?? 1);
  }
  writeFileSync(STAMP, hash);
}

function hashOf(patterns: string[]): string {
  const hash = createHash("sha256");
  const files = globSync(patterns).filter((file) => statSync(file).isFile());
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}
