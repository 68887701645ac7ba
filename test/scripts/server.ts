import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** The fresh clone that each test of the file has. */
export let clone: string;
let port: number;
let server: ChildProcess | undefined;

/** Gives each test of the file a fresh clone that has its dependencies. */
export function eachInItsClone() {
  beforeEach(async () => {
    port = await freePort();
    clone = mkdtempSync(join(tmpdir(), "gatehouse-"));
    const kept = [
      "drizzle",
      "migrations",
      "public",
      "scripts",
      "src",
      "package.json",
      "tsconfig.json",
      "wrangler.toml",
      ".dev.vars.example",
    ];
    for (const name of kept) cpSync(name, join(clone, name), { recursive: true });
    symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
  });

  afterEach(async () => {
    await stop();
    rmSync(clone, { recursive: true, force: true });
  });
}

/** `npm start -- …flags`; answers the address once it serves. */
export async function start(...flags: string[]): Promise<string> {
  const inspector = await freePort();
  const args = ["run", "--silent", "serve", "--", "--port", `${port}`, "--inspector-port", `${inspector}`, ...flags];
  server = spawn("npm", args, { cwd: clone, stdio: "pipe" });
  let output = "";
  server.stdout?.on("data", (text) => (output += text));
  server.stderr?.on("data", (text) => (output += text));

  const address = `http://localhost:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`${address}/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return address;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(output);
}

export async function stop() {
  if (server?.exitCode !== null || !server.kill("SIGTERM")) return;
  await new Promise((exited) => server?.once("exit", exited));
}

export const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  const { port } = probe.address() as { port: number };
  return new Promise((done) => probe.close(() => done(port)));
}
