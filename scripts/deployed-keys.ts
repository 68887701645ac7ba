/**
 * The signing keys of a deployment.
 *
 * Secrets cannot be read back, so a rotation does not change one: it adds a secret with one key.
 * The name of the secret says when its key begins to sign. The keys that the deployment serves are
 * compared and shown, but never installed. Every command names the environment, so that
 * `CLOUDFLARE_ENV` cannot select another one.
 */
import * as z from "zod/mini";
import { SIGNING_KEYS_NAME } from "../src/config/values.ts";
import { importPublicKeys, SIGNING_ALGORITHMS, type SigningJwk } from "../src/crypto/keys.ts";
import { issuerAt, parseOrigin } from "../src/sdk/issuer.ts";
import { startWrangler } from "./wrangler.ts";

/** The year 9999, the last that ISO 8601 writes with four digits. */
const MAX_UNIX_SECONDS = 253_402_300_799;

export interface Deployment {
  issuer: string;
  /** The name of the Worker. */
  worker: string;
  /** An environment of the wrangler configuration. Empty: its top level. */
  env: string;
  vars: Record<string, unknown>;
  /** The public keys at `/.well-known/jwks.json`. */
  served: SigningJwk[];
  /** The secrets with signing keys, in the order in which they begin to sign. */
  secrets: KeySecret[];
}

export interface KeySecret {
  name: string;
  /** Unix time in seconds. */
  startsAt: number;
}

/**
 * Reads a deployment. Throws unless `issuer` is the https (or loopback) `ISSUER` that the wrangler
 * configuration has for `env`, and serves usable keys.
 */
export async function readDeployment(issuer: string, env: string): Promise<Deployment> {
  const origin = parseOrigin(issuer);
  const { name: worker = "", vars } = await readConfig(env);
  const where = env === "" ? "the top level" : `environment ${env}`;
  if (vars.ISSUER !== origin)
    throw new Error(`${origin} is not the ISSUER of ${where} in the wrangler configuration: ${vars.ISSUER ?? "none"}.`);
  return { issuer: origin, worker, env, vars, served: await servedKeys(origin), secrets: listSecrets(env) };
}

async function readConfig(env: string) {
  const { unstable_readConfig } = await import("wrangler");
  return unstable_readConfig({ env }, { hideWarnings: true });
}

/** The key id is printed, so it must not contain control characters. */
const ServedKeys = z
  .array(
    z.looseObject({
      kid: z.string().check(z.regex(/^[\x21-\x7e]{1,200}$/)),
      alg: z.enum(SIGNING_ALGORITHMS),
      nbf: z.optional(z.int().check(z.minimum(0), z.maximum(MAX_UNIX_SECONDS))),
    }),
  )
  .check(z.minLength(1));

/** Loads the keys without following redirects. Throws if there is none, or if one is malformed. */
export async function servedKeys(issuer: string): Promise<SigningJwk[]> {
  const { success, data } = ServedKeys.safeParse((await issuerAt(issuer)).keys);
  if (!success) throw new Error(`${issuer} serves no keys, or malformed ones.`);
  const keys = data as SigningJwk[];
  await importPublicKeys(keys).catch(() => {
    throw new Error(`${issuer} serves unusable keys.`);
  });
  return keys;
}

function listSecrets(env: string): KeySecret[] {
  const names = JSON.parse(wrangler(["secret", "list", "--format=json"], env)) as { name: string }[];
  return names
    .flatMap(({ name }) => {
      const [match, startsAt = "0"] = SIGNING_KEYS_NAME.exec(name) ?? [];
      return match === undefined ? [] : [{ name, startsAt: Number(startsAt) }];
    })
    .sort((a, b) => a.startsAt - b.startsAt);
}

/**
 * Returns the secrets whose tokens have all expired. A secret counts as replaced only if the
 * deployment serves the key of the next one: a Worker of an older version does not read it.
 */
export function expiredSecrets({ secrets, served }: Deployment, lifetime: number, now: number): KeySecret[] {
  return secrets.filter((_, index) => {
    const next = secrets[index + 1];
    return next && served.some(({ nbf }) => nbf === next.startsAt) && next.startsAt + lifetime <= now;
  });
}

/** Adds the secret of a private key. */
export const putKey = ({ env }: Deployment, key: SigningJwk): string =>
  wrangler(["secret", "put", nameOf(key)], env, JSON.stringify({ keys: [key] }));

export const nameOf = ({ nbf }: SigningJwk): string => `JWT_SIGNING_KEYS_${nbf}`;

export const deleteSecret = ({ env }: Deployment, { name }: KeySecret): string =>
  wrangler(["secret", "delete", name], env);

/** Runs wrangler without a terminal, so that it asks no questions. Throws if it fails. */
function wrangler(command: string[], env: string, input = ""): string {
  const { status, stdout } = startWrangler([...command, `--env=${env}`], { input });
  if (status !== 0) throw new Error(`wrangler ${command.join(" ")} failed.`);
  return stdout;
}
