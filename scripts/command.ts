/** Errors and output that all commands share. */

/** An error that is printed without a stack trace. */
export class Refusal extends Error {}

/** Runs a command and prints its result. On failure, prints the error and sets exit status 1. */
export function run(main: (args: string[]) => Promise<string>) {
  main(process.argv.slice(2)).then(console.log, (error: Error) => {
    // Of a wrong option, the name is enough.
    const isExpected = error instanceof Refusal || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  });
}
