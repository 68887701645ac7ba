/** Checks the settings as the service does, and what it cannot see: names that nothing reads. */
import { join } from "node:path";
import { PEPPER_NAME, SIGNING_KEYS_NAME } from "../../src/config/values.ts";
import { type Config, parseConfig } from "../../src/config.ts";
import { exampleSettings } from "../example-settings.ts";
import { drawSecrets } from "../secrets.ts";
import { type Finding, orOk } from "./report.ts";

export type Variables = Record<string, unknown>;

const SECRETS = [
  "BACKEND_SECRET",
  "IDENTITY_PROVIDERS",
  "TURNSTILE_SECRET_KEY",
  "RESEND_API_KEY",
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
];
/** Rotations add names. */
const isRotated = (name: string) => SIGNING_KEYS_NAME.test(name) || PEPPER_NAME.test(name);
const isSecret = (name: string) => SECRETS.includes(name) || isRotated(name);
const CHECK = "settings";

export interface Settings {
  findings: Finding[];
  /** Undefined if a setting is wrong. */
  config?: Config;
}

/**
 * Checks variables. The secrets of a deployment cannot be read: with `hasSecrets` false, each is
 * taken to be there and right.
 */
export function checkSettings(vars: Variables, hasSecrets: boolean): Settings {
  const parsed = parseConfig(hasSecrets ? vars : { ...supposedSecrets(vars), ...vars });
  const wrong = parsed.ok ? [] : (parsed.errors ?? []).map(({ path, message }) => fail(`${path}: ${message}`));
  const known = exampleSettings(join(import.meta.dirname, "../.."));
  const unknown = Object.keys(vars).filter((name) => !Object.hasOwn(known, name) && !isRotated(name));
  const findings = [
    ...wrong,
    ...unknown.map((name) => warn(`${name} is no setting of Gatehouse. Compare the spelling with .dev.vars.example.`)),
  ];
  return {
    findings: orOk(CHECK, "Every setting is valid.", findings),
    ...(parsed.ok && { config: parsed.value }),
  };
}

/** Finds secrets in a file that is committed. */
export const checkPlainSecrets = (vars: Variables, env: string): Finding[] =>
  Object.keys(vars)
    .filter((name) => isSecret(name) && vars[name] !== "")
    .map((name) =>
      fail(
        `${name} is a secret, but stands in wrangler.toml. Remove it there, replace it, and set it: npx wrangler secret put ${name}${env && ` --env ${env}`}`,
      ),
    );

/** Those that the variables call for. Values of the same form stand for them. */
function supposedSecrets({ MAIL_FROM, TURNSTILE_SITE_KEY, TWILIO_FROM }: Variables): Variables {
  return {
    ...drawSecrets(),
    ...(MAIL_FROM !== undefined && { RESEND_API_KEY: "set" }),
    ...(TURNSTILE_SITE_KEY !== undefined && { TURNSTILE_SECRET_KEY: "set" }),
    ...(TWILIO_FROM !== undefined && { TWILIO_ACCOUNT_SID: "set", TWILIO_AUTH_TOKEN: "set" }),
  };
}

const fail = (message: string): Finding => ({ check: CHECK, level: "fail", message });
const warn = (message: string): Finding => ({ check: CHECK, level: "warn", message });
