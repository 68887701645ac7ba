import { createInterface } from "node:readline/promises";
import { Refusal } from "./command.ts";

/** Throws unless a person can be asked. In CI nobody can. */
export function requireTerminal() {
  if (!isTerminal()) throw new Refusal(UNASKED);
}

const UNASKED = "Nothing has changed. Without a terminal, confirm with --yes.";
const isTerminal = () => process.stdin.isTTY && process.stderr.isTTY && !process.env["CI"];

/** Asks a person to type `name`. Throws if they do not. The question stays off the output. */
export async function confirmName(question: string, name: string) {
  if (!isTerminal()) throw new Refusal(`${question} ${UNASKED}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  terminal.on("close", () => closed.abort());
  // Rejects at the end of the input.
  const answer = await terminal.question(`${question} Type ${name} to go on: `, closed).catch(() => "");
  terminal.close();
  if (answer.trim() !== name) throw new Refusal("Nothing has changed.");
}
