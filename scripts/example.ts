/**
 * `npm run example`: serves Gatehouse and an example Worker that uses it at http://localhost:8787.
 * Flags are passed to `wrangler dev`.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { devVarsWith, issuerOf, migrate, parseFlags, serve, writeDevVars } from "./dev.ts";

const FOLDER = "examples/notes-worker";
const NOTES = `${FOLDER}/wrangler.toml`;

/** The files that `wrangler.toml` refers to, and itself. */
const LINKED = ["wrangler.toml", "src", "drizzle", "scripts", "public", "migrations"];

const args = process.argv.slice(2);
const flags = parseFlags(args);
// Without it, each Worker would have its own state, in the folder of its settings.
const { "persist-to": persistTo = ".wrangler/state" } = flags;

buildSync({ entryPoints: [`${FOLDER}/page/page.ts`], outdir: `${FOLDER}/public`, bundle: true, format: "esm" });
writeDevVars();
await migrate({ persistTo });
await migrate({ persistTo, config: NOTES });
const issuer = issuerOf(flags);
const service = issuer ? settingsFor(issuer) : "wrangler.toml";
serve("--config", NOTES, "--config", service, ...args, ...(flags["persist-to"] ? [] : ["--persist-to", persistTo]));

/**
 * Writes settings of Gatehouse with this `ISSUER` and returns their path. `--var` would not do:
 * `wrangler dev` passes it to the first Worker only.
 */
function settingsFor(issuer: string): string {
  const folder = ".wrangler/example";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of LINKED) symlinkSync(resolve(name), join(folder, name));
  writeFileSync(join(folder, ".dev.vars"), devVarsWith(issuer), { mode: 0o600 });
  return join(folder, "wrangler.toml");
}
