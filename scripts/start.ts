// `npm start`: writes `.dev.vars` when there is none, migrates the local database, serves. Flags go to `wrangler dev`.
import { parseArgs } from "node:util";
import { hasDevVar, migrate, serve, writeDevVars } from "./dev.ts";

const DEFAULT_ISSUER = "http://localhost:8787";

const args = process.argv.slice(2);
const options = { port: { type: "string" }, "persist-to": { type: "string" } } as const;
const flags = parseArgs({ args, options, strict: false }).values as { port?: string; "persist-to"?: string };

writeDevVars();
// The database that is migrated has to be the one that is served.
migrate(...(flags["persist-to"] ? ["--persist-to", flags["persist-to"]] : []));
serve(...issuer(), ...args);

/** On another port the service is its own issuer too, unless `.dev.vars` names one. */
function issuer(): string[] {
  const isNamed = !hasDevVar(`ISSUER="${DEFAULT_ISSUER}"`);
  return isNamed || !flags.port ? [] : ["--var", `ISSUER:http://localhost:${flags.port}`];
}
