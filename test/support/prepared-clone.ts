/**
 * Services in clones that are built and migrated already, so that they start in half the time.
 * test/scripts/start.test.ts tests `npm start`.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type LocalServer, serveIn } from "../../scripts/clone.ts";
import { SERVE, SERVE_ENVIRONMENT } from "../../scripts/dev.ts";

/** Creates such a clone in a temporary directory. Returns its path. */
export const clonePrepared = (): string => copyOf(inject("preparedClone"));

/** Copies such a clone to a temporary directory. Returns its path. */
export function copyOf(prepared: string): string {
  const clone = mkdtempSync(join(tmpdir(), "gatehouse-"));
  cpSync(prepared, clone, { recursive: true, verbatimSymlinks: true });
  // wrangler.toml builds again if it exists.
  rmSync(join(clone, "scripts/common-passwords.ts"));
  return clone;
}

/** Serves such a clone as `npm start -- …flags` does. */
export function servePrepared(clone: string, port: number, ...flags: string[]): Promise<LocalServer> {
  const environment = Object.entries(SERVE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const issuer = `ISSUER:http://localhost:${port}`;
  const command = ["env", ...environment, "node_modules/.bin/wrangler", ...SERVE, "--var", issuer];
  return serveIn(clone, port, command, ...flags);
}
