/**
 * `npm start`: writes `.dev.vars` if it does not exist, migrates the local database, and serves.
 * Flags are passed to `wrangler dev`.
 */
import { parseArgs } from "node:util";
import { hasDevVar, migrate, serve, writeDevVars } from "./dev.ts";

const DEFAULT_ISSUER = "http://localhost:8787";

const args = process.argv.slice(2);
const options = { port: { type: "string" }, "persist-to": { type: "string" } } as const;
const flags = parseArgs({ args, options, strict: false }).values as { port?: string; "persist-to"?: string };

writeDevVars();
// Migrate the same database that `wrangler dev` will serve.
migrate(...(flags["persist-to"] ? ["--persist-to", flags["persist-to"]] : []));
serve(...issuer(), ...args);

/** Adapts the default `ISSUER` to `--port`. An `ISSUER` that was changed in `.dev.vars` stays. */
function issuer(): string[] {
  const isNamed = !hasDevVar(`ISSUER="${DEFAULT_ISSUER}"`);
  return isNamed || !flags.port ? [] : ["--var", `ISSUER:http://localhost:${flags.port}`];
}
