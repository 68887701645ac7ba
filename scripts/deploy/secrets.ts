/**
 * The secrets of a deployment. Those that are set are never replaced: a new `PEPPER` would end
 * every session. wrangler reads new ones from its standard input and sets them in one request.
 */
import { PEPPER_NAME, SIGNING_KEYS_NAME } from "../../src/config/values.ts";
import { Refusal } from "../command.ts";
import { drawSecrets } from "../secrets.ts";
import type { Host } from "./host.ts";
import { commandOf, type Wrangler } from "./wrangler.ts";

/** Returns the names of the secrets, or undefined if the Worker does not exist yet. */
export function listSecrets(wrangler: Wrangler, env: string): string[] | undefined {
  const args = ["secret", "list", "--format=json", `--env=${env}`];
  const { status, stdout, stderr } = wrangler.ask(args, { status: 1, stderr: 'Worker "" not found.' });
  if (status === 0)
    return (JSON.parse(stdout.slice(stdout.search(/^\[/m))) as { name: string }[]).map(({ name }) => name);
  // wrangler breaks lines. Any other failure must not look like a Worker without secrets.
  if (/Worker "[^"]*"( \(env: [^)]*\))? not found\./.test(stderr.replace(/\s+/g, " "))) return undefined;
  throw new Refusal(
    `\`${commandOf(args)}\` failed.\n\n${stderr.trim()}\n\nFix the problem, and run the same command again.`,
  );
}

export interface Wanted {
  env: string;
  /** The names of those that exist. */
  set: string[];
  /** True if the command may ask for the key of the mail provider. */
  mayAsk: boolean;
}

/**
 * Sets the secrets that are missing. For a Worker that does not exist, wrangler creates one without
 * code and address, so that the service never runs without its secrets.
 *
 * Another first deployment may set its own meanwhile, and wrangler would replace them. So they are
 * listed again directly before. What is left are the seconds between two commands, long before
 * either deployment uploads code that hashes anything.
 */
export async function setSecrets(host: Host, wrangler: Wrangler, { env, set, mayAsk }: Wanted) {
  const { JWT_SIGNING_KEYS, PEPPER } = drawSecrets();
  const added: Record<string, string> = { JWT_SIGNING_KEYS, PEPPER };
  if (!set.includes("RESEND_API_KEY")) {
    const key = mayAsk && host.isInteractive && !wrangler.isDryRun ? await askForKey(host) : "";
    if (key !== "") added["RESEND_API_KEY"] = key;
    else
      host.print(
        `No mail is sent without a key of Resend: ${commandOf(["secret", "put", "RESEND_API_KEY", `--env=${env}`])}`,
      );
  }
  if (missingIn(set, added).length === 0) return;
  const missing = missingIn(listSecrets(wrangler, env) ?? [], added);
  if (missing.length === 0) return;
  wrangler.change(["secret", "bulk", `--env=${env}`], {
    input: JSON.stringify(Object.fromEntries(missing)),
    note: `sets ${missing.map(([name]) => name).join(", ")}`,
  });
}

/** After a rotation, a name has its time. */
const ROTATED: Record<string, RegExp> = { JWT_SIGNING_KEYS: SIGNING_KEYS_NAME, PEPPER: PEPPER_NAME };

/** The secrets that none of these names stands for. */
const missingIn = (names: string[], secrets: Record<string, string>) =>
  Object.entries(secrets).filter(([secret]) => !names.some((name) => ROTATED[secret]?.test(name) ?? name === secret));

const askForKey = async (host: Host) =>
  (await host.ask("API key of Resend, which sends the mail (it is not shown; Enter: later): ", true)).trim();
