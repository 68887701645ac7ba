import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { migrate, writeDevVars } from "../../scripts/dev.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A clone that is built, configured and migrated. Tests copy it. */
    preparedClone: string;
  }
}

/** Prepares a clone for all test files. */
export default async function prepare({ provide }: TestProject) {
  const clone = makeClone();
  execFileSync("npm", ["run", "--silent", "build"], { cwd: clone });
  writeDevVars(clone);
  await migrate({ config: join(clone, "wrangler.toml"), persistTo: join(clone, ".wrangler/state") });
  provide("preparedClone", clone);
  return () => removeClone(clone);
}
