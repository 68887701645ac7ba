/** Questions to a person. In CI nobody can answer. */
import { createInterface } from "node:readline/promises";
import { Refusal } from "./command.ts";

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

/** Returns the answer, empty at the end of the input. The question stays off the output. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  terminal.on("close", () => closed.abort());
  const answer = await terminal.question(question, closed).catch(() => "");
  terminal.close();
  return answer.trim();
}
