import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleSettings } from "../example-settings.ts";
import { drawSecrets } from "../secrets.ts";

/**
 * Returns the settings of the Worker: the variables of the environment, then the generated secrets,
 * then the defaults of `.dev.vars.example`. A missing signing key or pepper is generated once and
 * kept in the folder, readable for its owner alone.
 */
export function containerSettings(environment: NodeJS.ProcessEnv, folder: string): Record<string, string> {
  const defaults = exampleSettings();
  const given = Object.keys(defaults).flatMap((name): [string, string][] => {
    const file = environment[`${name}_FILE`];
    const value = file ? readFileSync(file, "utf8").trim() : environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  mkdirSync(folder, { recursive: true });
  return { ...defaults, ...keptSecrets(join(folder, "secrets.json")), ...Object.fromEntries(given) };
}

function keptSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) {
    // Renamed when it is whole: half a file would stop every later start.
    rmSync(`${file}.new`, { force: true });
    writeFileSync(`${file}.new`, JSON.stringify(drawSecrets()), { mode: 0o600, flag: "wx" });
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
