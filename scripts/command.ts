/** What the commands of `npm run` share: how they refuse, and how they end. */

/** A problem to tell without a stack. */
export class Refusal extends Error {}

/** Runs a command and prints what it returns. A problem is printed, and the exit status is 1. */
export function run(main: (args: string[]) => Promise<string>) {
  main(process.argv.slice(2)).then(console.log, (error: Error) => {
    // Of a wrong option, the name is enough.
    const isExpected = error instanceof Refusal || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  });
}
