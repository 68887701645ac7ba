/**
 * Starts wrangler. It never gets a secret as an argument, and a shell sees none of the arguments.
 * `WRANGLER` replaces the program that npm installed.
 */
import { spawnSync } from "node:child_process";

interface Start {
  /** What wrangler reads. It asks no questions then. Default: nothing. */
  input?: string;
  /** What the terminal gets: everything with the questions, the output, or the errors (default). */
  shows?: "everything" | "output" | "errors" | "nothing";
  folder?: string;
  environment?: NodeJS.ProcessEnv;
}

export interface Answer {
  /** Null if a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
  /** Why it did not start, such as `ENOENT`. */
  error?: string | undefined;
}

const STDIO = {
  everything: ["inherit", "inherit", "inherit"],
  output: ["pipe", "inherit", "inherit"],
  errors: ["pipe", "pipe", "inherit"],
  nothing: ["pipe", "pipe", "pipe"],
} as const;

/** Runs wrangler to its end. */
export function startWrangler(
  args: string[],
  { input = "", shows = "errors", folder = ".", environment = process.env }: Start = {},
): Answer {
  const { status, stdout, stderr, error } = spawnSync(environment["WRANGLER"] || "wrangler", args, {
    cwd: folder,
    encoding: "utf8",
    env: environment,
    input,
    stdio: [...STDIO[shows]],
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return { status, stdout: stdout ?? "", stderr: stderr ?? "", error: code };
}
