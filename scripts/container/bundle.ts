/** Bundles the Workers as for a deployment, into the folders that `scripts/container.ts` serves. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { VERIFIER } from "../password-verifier.ts";

export const BUNDLE = ".container";
export const VERIFIER_BUNDLE = join(BUNDLE, VERIFIER.name);

const bundle = (config: string, folder: string) =>
  execFileSync("wrangler", ["deploy", "--dry-run", "--config", config, "--outdir", resolve(folder)], {
    stdio: ["ignore", "inherit", "inherit"],
  });

if (import.meta.main) {
  bundle("wrangler.toml", BUNDLE);
  bundle(VERIFIER.config, VERIFIER_BUNDLE);
}
