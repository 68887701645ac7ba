import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { drawSecrets } from "./secrets.ts";

const DEV_VARS = ".dev.vars";

/** Writes `.dev.vars` when there is none: the example with its empty secrets filled in. */
export function writeDevVars() {
  if (existsSync(DEV_VARS)) return;
  const example = readFileSync(".dev.vars.example", "utf8");
  // Single quotes: a JWK set holds double ones.
  const filled = Object.entries(drawSecrets()).reduce(
    (text, [name, value]) => text.replace(`${name}=""`, () => `${name}='${value}'`),
    example,
  );
  writeFileSync(DEV_VARS, filled, { mode: 0o600, flag: "wx" });
  console.log(`Wrote ${DEV_VARS} with fresh secrets.`);
}

/** Whether `.dev.vars` has this line. */
export const hasDevVar = (line: string): boolean => readFileSync(DEV_VARS, "utf8").includes(line);

/** Migrates the local database behind `DB`. Without a terminal wrangler asks nothing; its words are shown only when it
 *  fails. */
export function migrate(...flags: string[]) {
  const command = ["d1", "migrations", "apply", "DB", "--local", ...flags];
  const { status, stdout, stderr } = spawnSync("wrangler", command, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status === 0) return;
  console.error(stdout, stderr);
  process.exit(status ?? 1);
}

/** Serves until it is told to stop. */
export function serve(...flags: string[]) {
  const server = spawn("wrangler", ["dev", ...flags], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
  server.on("exit", (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
}
