/** Questions to a person. In CI nobody can answer. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Interruption, Refusal } from "./command.ts";

/** Tests whether a person can be asked on a stream of this process. */
export const isInteractive = (output: NodeJS.WriteStream = process.stderr): boolean =>
  Boolean(process.stdin.isTTY && output.isTTY && !process.env["CI"]);

const UNASKED = "Nothing has changed. Without a terminal, confirm with --yes.";

/** Throws unless a person can be asked. */
export function requireTerminal() {
  if (!isInteractive()) throw new Refusal(UNASKED);
}

/** Asks a person to type `name`. Throws if they do not. */
export async function confirmName(question: string, name: string) {
  if (!isInteractive()) throw new Refusal(`${question} ${UNASKED}`);
  if ((await ask(`${question} Type ${name} to go on: `)) !== name) throw new Refusal("Nothing has changed.");
}

/** Asks a person for a yes. Throws if they do not give it. */
export async function confirm() {
  requireTerminal();
  if (!/^y(es)?$/i.test(await ask("Continue? [y/N] "))) throw new Refusal("Nothing has changed.");
}

interface Asking {
  /** Where the question is shown. Default: off the output of the command. */
  output?: NodeJS.WriteStream;
  /** The answer is not shown. */
  isHidden?: boolean;
}

/** Returns the answer, empty at the end of the input. Throws an `Interruption` at Ctrl-C. */
export async function ask(
  question: string,
  { output: screen = process.stderr, isHidden = false }: Asking = {},
): Promise<string> {
  let isMuted = false;
  const output = new Writable({
    write(chunk, _, done) {
      if (!isMuted) screen.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const ended = new AbortController();
  let isInterrupted = false;
  terminal.on("close", () => ended.abort());
  terminal.on("SIGINT", () => {
    isInterrupted = true;
    terminal.close();
  });
  const answering = terminal.question(question, ended);
  isMuted = isHidden;
  const answer = await answering.catch(() => "");
  terminal.close();
  if (isHidden || isInterrupted) screen.write("\n");
  if (isInterrupted) throw new Interruption();
  return answer.trim();
}
