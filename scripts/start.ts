/**
 * `npm start`: writes `.dev.vars` if it does not exist, migrates the local database, and serves.
 * Flags are passed to `wrangler dev`.
 */
import { parseArgs } from "node:util";
import { hasDevVar, migrate, serve, writeDevVars } from "./dev.ts";

const DEFAULT_PORT = "8787";
const DEFAULT_ISSUER = `http://localhost:${DEFAULT_PORT}`;

const text = { type: "string" } as const;
const args = process.argv.slice(2);
const options = { port: text, "local-protocol": text, "persist-to": text };
const flags = parseArgs({ args, options, strict: false }).values as Partial<Record<keyof typeof options, string>>;

writeDevVars();
// Migrate the same database that `wrangler dev` will serve.
migrate(...(flags["persist-to"] ? ["--persist-to", flags["persist-to"]] : []));
serve(...issuer(), ...args);

/**
 * Adapts the default `ISSUER` to `--port` and `--local-protocol`. An `ISSUER` that was changed in
 * `.dev.vars` stays.
 */
function issuer(): string[] {
  const { port = DEFAULT_PORT, "local-protocol": protocol = "http" } = flags;
  return hasDevVar(`ISSUER="${DEFAULT_ISSUER}"`) ? ["--var", `ISSUER:${protocol}://localhost:${port}`] : [];
}
