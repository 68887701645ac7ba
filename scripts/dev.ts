/** Steps of local development: settings, migrations, server. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ADMIN_WORKER } from "./admin-worker.ts";
import { Refusal } from "./command.ts";
import { exampleText } from "./example-settings.ts";
import { type LocalState, withLocalBindings } from "./local-bindings.ts";
import { applyMigrations } from "./migrations.ts";
import { VERIFIER } from "./password-verifier.ts";
import { drawSecrets } from "./secrets.ts";
import { writeIfChanged } from "./write-if-changed.ts";

export const DEV_VARS = ".dev.vars";
const DEFAULT_PORT = "8787";
/** The Workers that are served beside Gatehouse. */
const OTHERS = [VERIFIER, ADMIN_WORKER];
/** A copy of `wrangler.toml` that binds them. */
const LOCAL_CONFIG = "wrangler.local.toml";
const SERVICES = OTHERS.map(({ binding, name }) => `\n[[services]]\nbinding = "${binding}"\nservice = "${name}"\n`);
const DEFAULT_ISSUER_LINE = `ISSUER="http://localhost:${DEFAULT_PORT}"`;

/** Writes `.dev.vars` in a project folder if it does not exist: the example with random secrets. */
export function writeDevVars(folder = ".") {
  const file = join(folder, DEV_VARS);
  if (existsSync(file)) return;
  // Single quotes, because a JWK set contains double quotes.
  const filled = Object.entries(drawSecrets()).reduce(
    (text, [name, value]) => text.replace(`${name}=""`, () => `${name}='${value}'`),
    exampleText(folder),
  );
  writeFileSync(file, filled, { mode: 0o600, flag: "wx" });
  console.log(`Wrote ${DEV_VARS} with new secrets.`);
}

const text = { type: "string" } as const;
const FLAGS = {
  port: text,
  "local-protocol": text,
  "persist-to": text,
  config: { ...text, short: "c" },
  env: { ...text, short: "e" },
} as const;

export type Flags = Partial<Record<keyof typeof FLAGS, string>>;

/** Returns the flags of `wrangler dev` that the other steps depend on. */
export const parseFlags = (args: string[]): Flags => parseArgs({ args, options: FLAGS, strict: false }).values as Flags;

/**
 * Returns the `ISSUER` for `--port` and `--local-protocol`, or undefined if `.dev.vars` names
 * another one than the default.
 */
export function issuerOf({ port = DEFAULT_PORT, "local-protocol": protocol = "http" }: Flags): string | undefined {
  return readDevVars().includes(DEFAULT_ISSUER_LINE) ? `${protocol}://localhost:${port}` : undefined;
}

/** Returns the text of `.dev.vars` with this `ISSUER` in place of the default. */
export const devVarsWith = (issuer: string): string => readDevVars().replace(DEFAULT_ISSUER_LINE, `ISSUER="${issuer}"`);

/** Returns the text of `.dev.vars`. */
export function readDevVars(): string {
  try {
    return readFileSync(DEV_VARS, "utf8");
  } catch {
    throw new Refusal(`There is no ${DEV_VARS}. npm start writes it.`);
  }
}

/** Applies the missing migrations to the local database `DB`. */
export const migrate = (state: LocalState = {}): Promise<void> =>
  withLocalBindings(state, ({ DB }: { DB: D1Database }) =>
    applyMigrations(DB, join(dirname(state.config ?? "wrangler.toml"), "migrations")),
  );

/**
 * Returns the flags that serve the other Workers too. A configuration or an environment that the
 * flags name is served as it is.
 */
export function otherWorkers({ config, env }: Flags): string[] {
  const settings = readFileSync("wrangler.toml", "utf8");
  // Services cannot be appended to a list in one line.
  if (config !== undefined || env !== undefined || /^services *=/m.test(settings)) return [];
  // Here, each Worker has the name in its configuration.
  const isBinding = (table: string) =>
    /^\[\[services\]\]/.test(table) && OTHERS.some(({ binding }) => table.includes(`"${binding}"`));
  const tables = settings
    .replace(/^name *=.*$/m, `name = "${ADMIN_WORKER.gatehouse}"`)
    .split(/^(?=\[)/m)
    .filter((table) => !isBinding(table));
  const note = "# Written by `npm start` from wrangler.toml.\n";
  writeIfChanged(LOCAL_CONFIG, note + tables.join("") + SERVICES.join(""));
  return [LOCAL_CONFIG, ...OTHERS.map(({ config: other }) => other)].flatMap((file) => ["--config", file]);
}

/**
 * The arguments with which wrangler serves. The flag keeps the host of a request: by default,
 * wrangler replaces it with that of the first route in `wrangler.toml`.
 */
export const SERVE = ["dev", "--infer-origin-from-routes=false"];
/** wrangler builds for development unless the environment says otherwise. */
export const SERVE_ENVIRONMENT = { NODE_ENV: "development" };

/** Serves until a signal stops it. */
export function serve(...flags: string[]) {
  const env = { ...process.env, ...SERVE_ENVIRONMENT };
  const server = spawn("wrangler", [...SERVE, ...flags], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
  server.on("exit", (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
}
