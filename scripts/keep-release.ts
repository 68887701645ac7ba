/**
 * `npm run release:keep`: keeps the bundle of this version in `test/previous-release`, where tests
 * run it beside the next version. The newest release is the version that an update meets.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { unstable_readConfig } from "wrangler";
import { Refusal, run } from "./command.ts";
import { migrationsIn } from "./migrations.ts";
import { startWrangler } from "./wrangler.ts";

export const FOLDER = "test/previous-release";

/** The settings with which the release is deployed. */
export interface KeptRelease {
  version: string;
  /** The last of its migrations. */
  migration: string;
  compatibilityDate: string;
  compatibilityFlags: string[];
}

async function main(): Promise<string> {
  const built = mkdtempSync(join(tmpdir(), "gatehouse-"));
  // As a deployment builds it.
  const environment = { ...process.env, NODE_ENV: "" };
  const { status } = startWrangler(["deploy", "--dry-run", "--outdir", built], { environment });
  if (status !== 0) throw new Refusal("wrangler could not build the Worker.");
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ env: "" });
  const release: KeptRelease = {
    version: JSON.parse(readFileSync("package.json", "utf8")).version,
    migration: migrationsIn("migrations").at(-1) ?? "",
    compatibilityDate: compatibility_date ?? "",
    compatibilityFlags: compatibility_flags,
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "index.js.br"), brotliCompressSync(readFileSync(join(built, "index.js"))));
  writeFileSync(join(FOLDER, "release.json"), `${JSON.stringify(release, null, 2)}\n`);
  rmSync(built, { recursive: true });
  return `${FOLDER} has ${release.version} with its migrations up to ${release.migration}.`;
}

if (import.meta.main) run(main);
