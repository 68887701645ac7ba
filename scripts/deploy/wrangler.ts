/**
 * wrangler as a deployment uses it: each command is shown before it runs, and the output of one
 * that failed is told. A dry run shows the commands alone, and assumes an account without anything.
 */
import { Refusal } from "../command.ts";
import type { Answer } from "../wrangler.ts";
import type { Host } from "./host.ts";

export interface Wrangler {
  isDryRun: boolean;
  /** Runs a command that only reads, and returns its answer, or in a dry run what `dry` says. */
  ask(args: string[], dry: Partial<Answer>): Answer;
  /** Likewise for a command that must succeed. Returns its output. */
  read(args: string[], dry: string): string;
  /** Runs a command that changes something. Throws a `Refusal` if it fails. */
  change(args: string[], options?: { input?: string; note?: string; mayAsk?: boolean }): void;
}

const AGAIN = "Then run the same command again. It goes on where it stopped.";

/** Returns a wrangler that acts on an account, or on the only one. */
export function createWrangler(host: Host, isDryRun: boolean, account?: string): Wrangler {
  const { folder } = host;
  const environment = {
    ...host.environment,
    WRANGLER_SEND_METRICS: "false",
    ...(account && { CLOUDFLARE_ACCOUNT_ID: account }),
  };
  const wrangler: Wrangler = {
    isDryRun,
    ask(args, dry) {
      host.print(commandOf(args));
      if (isDryRun) return { status: 0, stdout: "", stderr: "", ...dry };
      const answer = host.startWrangler(args, { folder, environment, shows: "nothing" });
      if (answer.error !== undefined) throw new Refusal(notStarted(answer.error));
      return answer;
    },
    read(args, dry) {
      const { status, stdout, stderr } = wrangler.ask(args, { stdout: dry });
      if (status !== 0) throw failed(args, stderr || stdout);
      return stdout;
    },
    change(args, { input, note, mayAsk = false } = {}) {
      host.print(commandOf(args) + (note ? `   # ${note}` : ""));
      if (isDryRun) return;
      const shows = mayAsk && host.isInteractive ? "everything" : "output";
      const { status } = host.startWrangler(args, {
        folder,
        environment,
        shows,
        ...(input !== undefined && { input }),
      });
      if (status !== 0) throw failed(args, "");
    },
  };
  return wrangler;
}

/** A command as one can type it. */
export const commandOf = (args: string[]): string =>
  [
    "npx",
    "wrangler",
    ...args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)),
  ].join(" ");

const notStarted = (error: string) =>
  error === "ENOENT"
    ? "wrangler is missing. Run `npm install`."
    : `wrangler did not start (${error}). Run \`npm install\`, or check WRANGLER.`;

const failed = (args: string[], output: string) =>
  new Refusal(`\`${commandOf(args)}\` failed.${output && `\n\n${output.trim()}\n`}\nFix the problem. ${AGAIN}`);
