/** What the commands of this folder share. */

/** A problem to tell without a stack. */
export class Refusal extends Error {}

/** Runs a command: prints what it returns, or says why it failed and sets the exit status. */
export function run(main: (args: string[]) => Promise<string>) {
  main(process.argv.slice(2)).then(console.log, (error: Error) => {
    // Of a wrong option, the name is enough.
    const isExpected = error instanceof Refusal || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  });
}
