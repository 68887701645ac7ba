import { createInterface } from "node:readline/promises";
import { Refusal } from "./command.ts";

/** Throws unless a person can be asked. In CI nobody can. */
export function requireTerminal() {
  const isAsked = process.stdin.isTTY && process.stderr.isTTY && !process.env["CI"];
  if (!isAsked) throw new Refusal("Nothing has changed. Without a terminal, confirm with --yes.");
}

/** Asks a person to type `name`. Throws if they do not. The question stays off the output. */
export async function confirmName(question: string, name: string) {
  requireTerminal();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  terminal.on("close", () => closed.abort());
  // Rejects at the end of the input.
  const answer = await terminal.question(`${question} Type ${name} to go on: `, closed).catch(() => "");
  terminal.close();
  if (answer.trim() !== name) throw new Refusal("Nothing has changed.");
}
