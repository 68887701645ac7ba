/** Bundles the Worker as for a deployment, into the folder that `scripts/container.ts` serves. */
import { execFileSync } from "node:child_process";

export const BUNDLE = ".container";

if (import.meta.main)
  execFileSync("wrangler", ["deploy", "--dry-run", "--outdir", BUNDLE], { stdio: ["ignore", "inherit", "inherit"] });
