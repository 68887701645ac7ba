/** Errors and output that all commands share. */

/** An error that is printed without a stack trace. */
export class Refusal extends Error {}

/** A person pressed Ctrl-C at a question. */
export class Interruption extends Error {}

/** As shells have it for a program that SIGINT ended. */
const INTERRUPTED_STATUS = 130;

/** Runs a command and prints its result. On failure, prints the error and sets exit status 1. */
export function run(main: (args: string[]) => Promise<string>) {
  main(process.argv.slice(2)).then(console.log, (error: Error) => {
    if (error instanceof Interruption) {
      process.exitCode = INTERRUPTED_STATUS;
      return;
    }
    // Of a wrong option, the name is enough.
    const isExpected = error instanceof Refusal || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  });
}
