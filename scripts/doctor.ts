/**
 * `npm run doctor`: checks the settings, the configuration and the service, and says how to fix
 * each problem. It changes nothing and prints no secret.
 */
import { parseArgs } from "node:util";
import { isLoopback } from "../src/config/urls.ts";
import { run } from "./command.ts";
import { examineClone, examineDeployment } from "./doctor/examine.ts";
import { hasFailed, reportOf } from "./doctor/report.ts";

const USAGE = `npm run doctor
npm run doctor -- --env NAME [--url https://auth.example.com]
npm run doctor -- --url https://auth.example.com

Checks Gatehouse. Each line says ok, warn or fail, and how to fix it. The exit status is 1 if
anything failed. It changes nothing.

Without options, it checks what \`npm start\` uses: wrangler.toml, .dev.vars, the local database, and
the service at http://localhost:8787 if it runs, or at a loopback --url. With --env or another --url,
it checks a deployment: the configuration, and the service at its address.

--env         Environment of wrangler.toml. Default: its top level.
--url         Address of the service. Default: the ISSUER of --env.
--persist-to  Folder of the local database, as of npm start. Default: .wrangler/state.
--json        Prints JSON: a list of check, level and message.
--help        Prints this text.`;

const text = { type: "string" } as const;
const OPTIONS = {
  env: text,
  url: text,
  "persist-to": text,
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Runs the command, and returns what it prints. */
export async function doctor(args: string[]): Promise<string> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return USAGE;
  const { env, url, json } = values;
  const isLocal = env === undefined && (url === undefined || isLoopback(url));
  const findings = isLocal
    ? await examineClone({ url, persistTo: values["persist-to"] })
    : await examineDeployment({ env: env ?? "", url });
  if (hasFailed(findings)) process.exitCode = 1;
  return json ? JSON.stringify(findings, null, 2) : reportOf(findings);
}

if (import.meta.main) run(doctor);
