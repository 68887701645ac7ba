import { spawn } from "node:child_process";

/** The outcome of one tool on one route. */
export interface Outcome {
  route: string;
  tool: string;
  result: string;
  findings: string[];
}

const LONGEST_MILLISECONDS = 900_000;

/** Runs a tool with `home` as its home directory, for its files. Returns everything it printed. */
export function run(tool: string, args: string[], home: string): Promise<string> {
  const child = spawn(tool, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home },
    timeout: LONGEST_MILLISECONDS,
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  return new Promise((done, fail) => child.on("error", fail).on("close", () => done(output)));
}
