/** The options that say what a command acts on: the local database, or a deployment. */
import { Refusal } from "./command.ts";

const text = { type: "string" } as const;

export const TARGET_OPTIONS = { env: text, remote: { type: "boolean" }, "persist-to": text } as const;

export const TARGET_USAGE = `--env NAME     Acts on the deployment of this environment of the wrangler configuration.
--remote       Acts on the deployment of its top level. Both need npx wrangler login, or
               CLOUDFLARE_API_TOKEN.
--persist-to   Folder of the local database, as of npm start. Default: .wrangler/state.`;

export interface Target {
  env?: string | undefined;
  remote?: boolean | undefined;
  "persist-to"?: string | undefined;
}

/**
 * Returns the environment of the deployment that the options select, empty for the top level, or
 * undefined for the local database. Throws a `Refusal` if they select both.
 */
export function deployedEnvironment({ env, remote, "persist-to": persistTo }: Target): string | undefined {
  const environment = env ?? (remote ? "" : undefined);
  if (environment === undefined || persistTo === undefined) return environment;
  throw new Refusal("--persist-to names a local database, --env and --remote a deployment. Choose one.");
}
