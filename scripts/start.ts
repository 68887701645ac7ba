// `npm start`: writes `.dev.vars` when there is none, migrates the local database, serves. Flags go to `wrangler dev`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { drawSecrets } from "./secrets.ts";

const DEV_VARS = ".dev.vars";
const DEFAULT_ISSUER = "http://localhost:8787";

const args = process.argv.slice(2);
const options = { port: { type: "string" }, "persist-to": { type: "string" } } as const;
const flags = parseArgs({ args, options, strict: false }).values as { port?: string; "persist-to"?: string };

if (!existsSync(DEV_VARS)) {
  writeFileSync(DEV_VARS, devVars(), { mode: 0o600, flag: "wx" });
  console.log(`Wrote ${DEV_VARS} with fresh secrets.`);
}
migrate();
serve();

/** The example with its empty secrets filled in. Single quotes: a JWK set holds double ones. */
function devVars(): string {
  const example = readFileSync(".dev.vars.example", "utf8");
  return Object.entries(drawSecrets()).reduce(
    (text, [name, value]) => text.replace(`${name}=""`, () => `${name}='${value}'`),
    example,
  );
}

/** Without a terminal wrangler asks nothing. Its words are shown only when it fails. */
function migrate() {
  const command = ["d1", "migrations", "apply", "DB", "--local", ...persistence()];
  const { status, stdout, stderr } = spawnSync("wrangler", command, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status === 0) return;
  console.error(stdout, stderr);
  process.exit(status ?? 1);
}

/** The database that is migrated has to be the one that is served. */
function persistence(): string[] {
  return flags["persist-to"] ? ["--persist-to", flags["persist-to"]] : [];
}

/** On another port the service is its own issuer too, unless `.dev.vars` names one. */
function issuer(): string[] {
  const named = !readFileSync(DEV_VARS, "utf8").includes(`ISSUER="${DEFAULT_ISSUER}"`);
  return named || !flags.port ? [] : ["--var", `ISSUER:http://localhost:${flags.port}`];
}

function serve() {
  const server = spawn("wrangler", ["dev", ...issuer(), ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
  server.on("exit", (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
}
