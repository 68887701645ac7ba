/**
 * Copies of this repository that run as separate services, for tests, scans and benchmarks.
 *
 * A clone has no settings and no state of the original, and shares its `node_modules`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The files that the build and the commands read. */
export const KEPT = [
  // A guide shows its pictures.
  "bench/results",
  "docs",
  "drizzle",
  "migrations",
  "public",
  "scripts",
  "src",
  "workers",
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "examples",
  "tsconfig.sdk.json",
  "tsconfig.json",
  "wrangler.toml",
  ".dev.vars.example",
];
/** Only build products are in this folder, so git does not know it, and a fresh clone has none. */
const BUILT = "public/pages";
const WAIT_MILLISECONDS = 100;
const MOST_WAITS = 2400;

/** A running service in a clone. */
export interface LocalServer {
  address: string;
  /** The id of the parent process of all others. */
  pid: number;
  /** Returns what the service has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Creates a clone in a temporary directory and links its dependencies. Returns its path. */
export function makeClone(): string {
  const clone = mkdtempSync(join(tmpdir(), "gatehouse-"));
  // docs/verify-tokens has dependencies of its own, which only its tests need.
  const filter = (source: string) => source !== BUILT && !/\/(node_modules|cache|building|\.temp)$/.test(source);
  for (const name of KEPT) cpSync(name, join(clone, name), { recursive: true, filter });
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
  return clone;
}

export const removeClone = (clone: string) => rmSync(clone, { recursive: true, force: true });

/** Runs `npm start -- …flags` in a clone. */
export const serveClone = (clone: string, port: number, ...flags: string[]): Promise<LocalServer> =>
  serveIn(clone, port, ["npm", "run", "--silent", "serve", "--"], ...flags);

/**
 * Runs a command that ends in `wrangler dev` in a clone. Returns when the service is healthy.
 * Throws the output of the command if it is not healthy after four minutes.
 */
export async function serveIn(
  clone: string,
  port: number,
  [command = "", ...args]: string[],
  ...flags: string[]
): Promise<LocalServer> {
  const ports = ["--port", `${port}`, "--inspector-port", `${await freePort()}`];
  // The Workers of a clone can reach each other, but not the Workers of another clone.
  const env = { ...process.env, WRANGLER_REGISTRY_PATH: join(clone, ".registry") };
  const server = spawn(command, [...args, ...ports, ...flags], { cwd: clone, env, stdio: "pipe" });
  let output = "";
  server.stdout.on("data", (text) => (output += text));
  server.stderr.on("data", (text) => (output += text));

  const address = `http://localhost:${port}`;
  const local = { address, pid: server.pid ?? 0, output: () => output, stop: () => stop(server) };
  for (let tries = 0; tries < MOST_WAITS; tries++) {
    if (await isHealthy(address)) return local;
    await new Promise((wake) => setTimeout(wake, WAIT_MILLISECONDS));
  }
  await local.stop();
  throw new Error(output);
}

const isHealthy = (address: string) =>
  fetch(`${address}/health`).then(
    (answer) => answer.ok,
    () => false,
  );

async function stop(server: ChildProcess) {
  if (server.exitCode !== null || !server.kill("SIGTERM")) return;
  await new Promise((exited) => server.once("exit", exited));
}

/** Returns a free TCP port. */
export function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  const { port } = probe.address() as { port: number };
  return new Promise((done) => probe.close(() => done(port)));
}
