import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const KEPT = [
  "drizzle",
  "migrations",
  "public",
  "scripts",
  "src",
  "package.json",
  "README.md",
  "examples",
  "tsconfig.sdk.json",
  "tsconfig.json",
  "wrangler.toml",
  ".dev.vars.example",
];
const WAIT_MILLISECONDS = 100;
const MOST_WAITS = 600;

/** A service in a clone of its own. */
export interface LocalServer {
  address: string;
  /** Of the process that all others are below. */
  pid: number;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Copies what a fresh clone would hold, without the settings and the state of this one, and links its dependencies. */
export function makeClone(): string {
  const clone = mkdtempSync(join(tmpdir(), "gatehouse-"));
  for (const name of KEPT) cpSync(name, join(clone, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
  return clone;
}

export const removeClone = (clone: string) => rmSync(clone, { recursive: true, force: true });

/** `npm start -- …flags` in that clone. */
export const serveClone = (clone: string, port: number, ...flags: string[]): Promise<LocalServer> =>
  serveIn(clone, port, ["npm", "run", "--silent", "serve", "--"], ...flags);

/** A command that ends in `wrangler dev`, in that clone; answers once it serves, throws what it printed when it does not. */
export async function serveIn(
  clone: string,
  port: number,
  [command = "", ...args]: string[],
  ...flags: string[]
): Promise<LocalServer> {
  const ports = ["--port", `${port}`, "--inspector-port", `${await freePort()}`];
  // The Workers of a clone know each other, and none of another clone.
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

export function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  const { port } = probe.address() as { port: number };
  return new Promise((done) => probe.close(() => done(port)));
}
