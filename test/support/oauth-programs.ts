/** Programs of other people that sign in to a service as OAuth clients. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { promisify } from "node:util";

const FOLDER = "test/oauth-programs";

/** Debian's Python has Debian's modules. Another one may come first in PATH. */
export const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
export const CONFORMANCE = `${FOLDER}/node_modules/@modelcontextprotocol/conformance/dist/index.js`;

/** Installs the programs of npm. */
export const installPrograms = () => promisify(execFile)(process.execPath, ["scripts/install.mjs", FOLDER]);

interface RelyingParty {
  startRelyingParty(settings: { home: string; issuer: string; id: string; secret: string }): Server;
}

/** Starts the website of `relying-party.js`. Its packages have to be installed. */
export async function startRelyingParty(settings: Parameters<RelyingParty["startRelyingParty"]>[0]): Promise<Server> {
  const { startRelyingParty: start }: RelyingParty = await import(
    /* @vite-ignore */ resolve(FOLDER, "relying-party.js")
  );
  return start(settings);
}

/**
 * Runs a program that prints the address where a browser has to sign in, and goes there with
 * `visit`. Returns what it has printed in the end. Throws all that it printed if it fails.
 */
export async function runProgram(
  command: string,
  args: string[],
  visit: (url: string) => Promise<void>,
): Promise<string> {
  const program = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "close");
  let output = "";
  let hasVisited = false;
  try {
    for await (const text of program.stdout.setEncoding("utf8")) {
      output += text;
      const [url] = /^http\S+\/oauth\/authorize\?\S+$/m.exec(output) ?? [];
      if (!url || hasVisited) continue;
      hasVisited = true;
      await visit(url);
    }
    const [status] = await ended;
    if (status !== 0) throw new Error(output);
    return output;
  } finally {
    program.kill();
  }
}
