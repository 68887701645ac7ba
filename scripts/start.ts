/**
 * `npm start`: writes `.dev.vars` if it does not exist, migrates the local database, and serves.
 * Flags are passed to `wrangler dev`.
 */
import { issuerOf, migrate, otherWorkers, parseFlags, serve, writeDevVars } from "./dev.ts";

const args = process.argv.slice(2);
const flags = parseFlags(args);

writeDevVars();
// Migrate the same database that `wrangler dev` will serve.
await migrate({ persistTo: flags["persist-to"] });
const issuer = issuerOf(flags);
serve(...otherWorkers(flags), ...(issuer ? ["--var", `ISSUER:${issuer}`] : []), ...args);
