/** Checks that wrangler can act: its version, the sign-in at Cloudflare, and which account. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../command.ts";
import type { Host } from "./host.ts";
import { createWrangler, type Wrangler } from "./wrangler.ts";

interface Identity {
  loggedIn: boolean;
  accounts?: { id: string; name: string }[];
}

interface SignIn {
  isDryRun: boolean;
  /** True if the command may ask the user to sign in. */
  mayAsk: boolean;
  accountId: string | undefined;
}

/** Returns wrangler with the account to deploy to: the given one, or else the only one. */
export function signIn(host: Host, { isDryRun, mayAsk, accountId }: SignIn): Wrangler {
  const wrangler = createWrangler(host, isDryRun, accountId);
  checkVersion(wrangler);
  const whoami = () => wrangler.ask(["whoami", "--json"], { stdout: '{"loggedIn":true}' });
  let answer = whoami();
  if (!identityIn(answer.stdout).loggedIn && mayAsk && host.isInteractive) {
    // It opens a browser.
    wrangler.change(["login"], { mayAsk });
    answer = whoami();
  }
  const { loggedIn, accounts = [] } = identityIn(answer.stdout);
  if (!loggedIn)
    throw new Refusal("You are not signed in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.");
  const [only, ...others] = accounts;
  if (accountId || !only) return wrangler;
  if (others.length === 0) return createWrangler(host, isDryRun, only.id);
  const list = accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  throw new Refusal(`You have several accounts. Set CLOUDFLARE_ACCOUNT_ID, or account_id in wrangler.toml:\n${list}`);
}

/** The output may have a line about an update before the JSON. */
function identityIn(output: string): Identity {
  try {
    return JSON.parse(output.slice(output.indexOf("{")));
  } catch {
    return { loggedIn: false };
  }
}

/** The formats that this reads are those of the version in package.json, and of later ones. */
function checkVersion(wrangler: Wrangler) {
  const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  const least: string = devDependencies.wrangler;
  const [found = "none"] = /\d+\.\d+\.\d+/.exec(wrangler.read(["--version"], least)) ?? [];
  if (numberOf(found) < numberOf(least))
    throw new Refusal(`wrangler ${found} is too old: ${least} is needed. Run \`npm install\`, and unset WRANGLER.`);
}

const numberOf = (version: string): number =>
  version.split(".").reduce((total, part) => total * 10_000 + (Number(part) || 0), 0);
