/** The machine that runs the deployment: files, terminal, network. Tests replace all of it. */
import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../command.ts";
import { ask, isInteractive } from "../confirm.ts";
import { startWrangler } from "../wrangler.ts";

export interface Host {
  /** The project, with `wrangler.toml` and `migrations`. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** True if the command may ask questions. */
  isInteractive: boolean;
  startWrangler: typeof startWrangler;
  print(line: string): void;
  /** Asks for a line. A hidden one is not shown. */
  ask(question: string, isHidden?: boolean): Promise<string>;
  /** Tests whether a host name has an address in DNS. */
  resolves(name: string): Promise<boolean>;
  wait(milliseconds: number): Promise<unknown>;
}

/** The terminal and the working directory. Nothing is asked in CI. */
export const thisHost = (): Host => ({
  folder: ".",
  environment: process.env,
  isInteractive: isInteractive(process.stdout),
  startWrangler,
  print: (line) => console.log(line),
  ask: (question, isHidden = false) => ask(question, { output: process.stdout, isHidden }),
  resolves: (name) =>
    lookup(name).then(
      () => true,
      () => false,
    ),
  wait: (milliseconds) => sleep(milliseconds),
});

/** Goes on if a person agrees, or if `--yes` said so before. Throws a `Refusal` otherwise. */
export async function agree(host: Host, isConfirmed: boolean, warning: string) {
  host.print(warning);
  if (isConfirmed) return;
  if (!host.isInteractive) throw new Refusal("Nothing was changed by this step. To go on, confirm with --yes.");
  if (!/^y(es)?$/i.test((await host.ask("Continue? [y/N] ")).trim())) throw new Refusal("Stopped.");
}
