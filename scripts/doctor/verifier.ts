/** Checks which Worker verifies the passwords of imported users, if one is bound. */
import type { Unstable_RawConfig } from "wrangler";
import { boundVerifier } from "../deploy/verifier.ts";
import { verifierOf } from "../password-verifier.ts";
import type { Finding } from "./report.ts";

const check = "verifier";

export function checkVerifier(config: Unstable_RawConfig, env: string): Finding[] {
  const verifier = boundVerifier(config, env);
  if (!verifier) return [];
  const { name, isOwn } = verifier;
  const own = verifierOf(config.name, env);
  const others = ["", ...Object.keys(config.env ?? {})].filter(
    (other) => other !== env && boundVerifier(config, other)?.name === name,
  );
  const places = others.map((other) => other || "the top level").join(", ");
  if (!isOwn) return [warn(`\`npm run deploy\` does not update ${name}, only ${own}.`)];
  if (name !== own && places) return [warn(`${name} serves ${places} too. Bind ${own}, which is updated alone.`)];
  return [{ check, level: "ok", message: `${name} verifies imported passwords.` }];
}

const warn = (message: string): Finding => ({ check, level: "warn", message });
