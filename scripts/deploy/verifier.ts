/**
 * The password verifier of a deployment: a Worker of its own. It is uploaded before the Worker that
 * is bound to it.
 */
import type { Unstable_RawConfig } from "wrangler";
import { VERIFIER, verifierOf } from "../password-verifier.ts";
import { sectionOf } from "./configuration.ts";

export interface BoundVerifier {
  name: string;
  /** True if its name is that of the verifier here. Any other Worker is left alone. */
  isOwn: boolean;
}

/** Returns the verifier that an environment is bound to, if it is. */
export function boundVerifier(config: Unstable_RawConfig, env: string): BoundVerifier | undefined {
  const services = sectionOf(config, env).services ?? [];
  const name = services.find(({ binding }) => binding === VERIFIER.binding)?.service;
  return name === undefined
    ? undefined
    : { name, isOwn: name === verifierOf(config.name, env) || name === VERIFIER.name };
}

/** The arguments of `wrangler deploy` for it. `CLOUDFLARE_ENV` must not select an environment. */
export const verifierArguments = (name: string) => [`--config=${VERIFIER.config}`, `--name=${name}`, "--env="];
