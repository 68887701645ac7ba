import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { admin, parse, prepare } from "../../scripts/admin.ts";
import { withAdminService } from "../../scripts/admin-service.ts";
import { HERE, STATE } from "./working-clone.ts";

/** Turns API keys on in the settings of the working directory. */
export function turnOnApiKeys() {
  const scopes = JSON.stringify([{ name: "notes:read", description: { en: "Read" } }]);
  const resources = "https://notes.example/api";
  appendFileSync(".dev.vars", `\nAPI_KEYS="on"\nOAUTH_SCOPES='${scopes}'\nOAUTH_RESOURCES="${resources}"\n`);
}

type Run = (...args: string[]) => Promise<string>;

/** Runs `npm run admin` in this process. */
export const run: Run = (...args) => admin([...args, ...HERE]);

/** Runs several commands in one opened database: to open it takes seconds. */
export const inOneDatabase = (
  act: (run: Run, json: (...args: string[]) => Promise<ReturnType<typeof JSON.parse>>) => Promise<void>,
) =>
  withAdminService({ "persist-to": STATE }, async (service) => {
    const run: Run = async (...args) => prepare(parse(args))(service);
    await act(run, async (...args) => JSON.parse(await run(...args, "--json")));
  });

/** Runs `npm run admin` as a script does: without a terminal. */
export function runProgram(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = spawn("node", ["scripts/admin.ts", ...args, ...HERE], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  program.stdout.on("data", (text) => (stdout += text));
  program.stderr.on("data", (text) => (stderr += text));
  return new Promise((exited) => program.on("close", (status) => exited({ status, stdout, stderr })));
}

/** Runs `npm run admin` on a terminal, where a person types an answer. Linux has its program. */
export function runOnTerminal(answer: string, environment: Record<string, string>, ...args: string[]) {
  const { CI: _, ...env } = process.env;
  const command = ["node", "scripts/admin.ts", ...args, ...HERE].join(" ");
  const terminal = spawn("script", ["-qec", command, "/dev/null"], { env: { ...env, ...environment } });
  let output = "";
  terminal.stdout.on("data", (text) => {
    output += text;
    if (String(text).includes(" to go on: ")) terminal.stdin.write(`${answer}\n`);
  });
  return new Promise<{ status: number | null; output: string }>((exited) =>
    terminal.on("close", (status) => exited({ status, output })),
  );
}
