/**
 * `npm run contract`: lints the OpenAPI document with Spectral, and lets Portman send every
 * operation to a development server in workerd and check the answers against the document.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";
import { SITE } from "../support/passkeys.ts";
import { configure, type OpenApi, withoutOperators } from "./portman.ts";

const BIN = join(import.meta.dirname, "node_modules", ".bin");
/** Native scrypt is faster. Codes are requested in quick succession. */
const SETTINGS = {
  SCRYPT_ENGINE: "node",
  OTP_RESEND_COOLDOWN_SECONDS: "0",
  SMS_COUNTRIES: "US",
  TRUSTED_DEVICE_DAYS: "30",
};

const clone = makeClone();
process.exitCode = await main().finally(() => removeClone(clone));

async function main(): Promise<number> {
  liftRateLimits();
  const flags = Object.entries(SETTINGS).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const server = await serveClone(clone, await freePort(), ...flags);
  SITE.origin = server.address;
  try {
    const text = await (await fetch(`${server.address}/openapi.json`)).text();
    const whole = write("openapi.json", text);
    const lint = ["lint", whole, "--ruleset", join(import.meta.dirname, "spectral.yaml"), "--fail-severity", "hint"];
    const sent = withoutOperators(JSON.parse(text) as OpenApi);
    const document = write("sent.json", JSON.stringify(sent));
    const config = write("portman.json", JSON.stringify(await configure(sent, server.address)));
    const contract = ["--local", document, "--baseUrl", server.address, "--portmanConfigFile", config, "--runNewman"];
    return run("spectral", lint) || run("portman", [...contract, "--output", join(clone, "postman.json")]);
  } finally {
    await server.stop();
  }
}

/** All requests come from one address. */
function liftRateLimits() {
  const file = join(clone, "wrangler.toml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/limit = \d+/g, "limit = 100000"));
}

function write(name: string, text: string): string {
  const file = join(clone, name);
  writeFileSync(file, text);
  return file;
}

function run(tool: string, args: string[]): number {
  return spawnSync(join(BIN, tool), args, { cwd: clone, stdio: "inherit" }).status ?? 1;
}
