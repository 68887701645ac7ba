/**
 * `npm run example`: serves Gatehouse and an example Worker that uses it at http://localhost:8787.
 * Flags are passed to `wrangler dev`.
 */
import { buildSync } from "esbuild";
import { migrate, serve, writeDevVars } from "./dev.ts";

const FOLDER = "examples/notes-worker";
const NOTES = `${FOLDER}/wrangler.toml`;
const STATE = ["--persist-to", ".wrangler/state"];

buildSync({ entryPoints: [`${FOLDER}/page/page.ts`], outdir: `${FOLDER}/public`, bundle: true, format: "esm" });
writeDevVars();
migrate(...STATE);
migrate(...STATE, "--config", NOTES);
serve("--config", NOTES, "--config", "wrangler.toml", ...STATE, ...process.argv.slice(2));
