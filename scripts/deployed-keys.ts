/**
 * The signing keys of a deployment.
 *
 * Secrets cannot be read back, so a rotation does not change one: it adds a secret with one key.
 * The name of the secret says when its key begins to sign. The keys that the deployment serves are
 * compared and shown, but never installed.
 */
import * as z from "zod/mini";
import { SIGNING_KEYS_NAME } from "../src/config/values.ts";
import { importPublicKeys, SIGNING_ALGORITHMS, type SigningJwk } from "../src/crypto/keys.ts";
import { issuerAt } from "../src/sdk/issuer.ts";
import { Refusal } from "./command.ts";
import { type Deployment, findDeployment, putSecret, secretNames } from "./deployed-secrets.ts";

/** The year 9999, the last that ISO 8601 writes with four digits. */
const MAX_UNIX_SECONDS = 253_402_300_799;

export interface KeyDeployment extends Deployment {
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

/** Finds a deployment with its keys. Throws unless it serves usable keys. See `findDeployment`. */
export async function readDeployment(issuer: string, env: string): Promise<KeyDeployment> {
  const deployment = await findDeployment(issuer, env);
  return { ...deployment, served: await servedKeys(deployment.issuer), secrets: keySecrets(secretNames(env)) };
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

/** Loads the keys without following redirects. Throws a `Refusal` unless each of them is usable. */
export async function servedKeys(issuer: string): Promise<SigningJwk[]> {
  const { keys: served } = await issuerAt(issuer).catch(({ message }: Error) => {
    throw new Refusal(`${issuer} serves no keys: ${message}`);
  });
  const { success, data } = ServedKeys.safeParse(served);
  if (!success) throw new Refusal(`${issuer} serves no keys, or malformed ones.`);
  const keys = data as SigningJwk[];
  await importPublicKeys(keys).catch(() => {
    throw new Refusal(`${issuer} serves unusable keys.`);
  });
  return keys;
}

const keySecrets = (names: string[]): KeySecret[] =>
  names
    .flatMap((name) => {
      const [match, startsAt = "0"] = SIGNING_KEYS_NAME.exec(name) ?? [];
      return match === undefined ? [] : [{ name, startsAt: Number(startsAt) }];
    })
    .sort((a, b) => a.startsAt - b.startsAt);

/**
 * Returns the secrets whose tokens have all expired. A secret counts as replaced only if the
 * deployment serves the key of the next one: a Worker of an older version does not read it.
 */
export function expiredSecrets({ secrets, served }: KeyDeployment, lifetime: number, now: number): KeySecret[] {
  return secrets.filter((_, index) => {
    const next = secrets[index + 1];
    return next && served.some(({ nbf }) => nbf === next.startsAt) && next.startsAt + lifetime <= now;
  });
}

/** Adds the secret of a private key. */
export const putKey = ({ env }: Deployment, key: SigningJwk): string =>
  putSecret(env, nameOf(key), JSON.stringify({ keys: [key] }));

export const nameOf = ({ nbf }: SigningJwk): string => `JWT_SIGNING_KEYS_${nbf}`;
