/**
 * Runs a command on the database of a container, with its settings:
 *
 *     node scripts/container/command.ts admin show jane.doe@example.com
 */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containerSettings } from "./settings.ts";

const COMMANDS = ["admin", "clients", "import", "export"];

const [name = "", ...args] = process.argv.slice(2);
if (!COMMANDS.includes(name)) {
  console.error(`Name one of the commands ${COMMANDS.join(", ")}.`);
  process.exit(1);
}
const { DATA_FOLDER = "data" } = process.env;
const settings = containerSettings(process.env, DATA_FOLDER);
const env = {
  ...process.env,
  ...settings,
  // Where there is no .dev.vars, wrangler takes settings from the environment.
  CLOUDFLARE_INCLUDE_PROCESS_ENV: "true",
  // The home of the user is read-only.
  WRANGLER_REGISTRY_PATH: join(tmpdir(), "registry"),
};
const command = [`scripts/${name}.ts`, ...args, "--persist-to", DATA_FOLDER];
process.exitCode = spawnSync(process.execPath, command, { stdio: "inherit", env }).status ?? 1;
