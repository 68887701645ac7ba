/** `npm run keys -- rotate|prune`: changes the signing keys without signing anyone out. */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { DEFAULT_ACCESS_TOKEN_TTL_SECONDS } from "../src/config/values.ts";
import {
  MIN_SIGNING_RSA_BITS,
  publicHalf,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  type SigningJwk,
} from "../src/crypto/keys.ts";
import { Refusal, run } from "./command.ts";
import { confirm } from "./confirm.ts";
import { expiredSecrets, type KeyDeployment, nameOf, putKey, readDeployment } from "./deployed-keys.ts";
import { deleteSecret } from "./deployed-secrets.ts";
import { DEV_VARS, readDevVars } from "./dev.ts";

/** Longer than verifiers usually cache keys. */
const DEFAULT_DELAY_SECONDS = 86_400;
const USAGE = `npm run keys -- rotate [--alg ES256|EdDSA|RS256] [--lifetime SECONDS]
npm run keys -- prune [--lifetime SECONDS]
npm run keys -- rotate --issuer https://auth.example.com [--env NAME] [--alg ES256|EdDSA|RS256]
                       [--delay SECONDS] [--lifetime SECONDS] [--yes]
npm run keys -- prune --issuer https://auth.example.com [--env NAME] [--lifetime SECONDS] [--yes]

rotate  Adds a signing key, and then prunes.
prune   Removes keys that were replaced more than --lifetime seconds ago.

Without --issuer, both edit .dev.vars, and a new key signs at once. With --issuer, both change the
secrets of that deployment. A new key is published at once and signs after --delay seconds.

--issuer    Address of the deployment: the ISSUER that the wrangler configuration has for --env.
--env       Environment of the wrangler configuration. Default: its top level.
--alg       Algorithm of the new key. Default: ES256.
--delay     Time for services to load the new key before it signs. Default: ${DEFAULT_DELAY_SECONDS}, a day.
--lifetime  Longest lifetime of an access token. Default: ACCESS_TOKEN_TTL_SECONDS as configured.
--yes       Does not ask for confirmation. Required without a terminal.
--help      Prints this text.`;

/** Creates a private signing key. Its `iat` is the time of its creation, in Unix seconds. */
export function drawKey(alg: SigningAlgorithm): SigningJwk {
  const pair = {
    ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: () => generateKeyPairSync("ed25519"),
    RS256: () => generateKeyPairSync("rsa", { modulusLength: MIN_SIGNING_RSA_BITS }),
  }[alg]();
  const jwk = pair.privateKey.export({ format: "jwk" });
  return { ...jwk, kid: randomUUID(), alg, use: "sig", iat: now() } as SigningJwk;
}

const OPTIONS = {
  alg: { type: "string" },
  issuer: { type: "string" },
  env: { type: "string" },
  delay: { type: "string" },
  lifetime: { type: "string" },
  yes: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Runs the command, and returns what it prints last. Throws a `Refusal` that says what to do. */
export async function changeKeys(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;

  const [command, ...rest] = positionals;
  const alg = SIGNING_ALGORITHMS.find((name) => name === (values.alg ?? "ES256"));
  const lifetime = secondsOf(values.lifetime);
  const delay = secondsOf(values.delay) ?? DEFAULT_DELAY_SECONDS;
  const { issuer, env = "" } = values;
  const isDeployedOnly = values.env !== undefined || values.delay !== undefined || values.yes;
  const isRotateOnly = values.alg !== undefined || values.delay !== undefined;
  if (rest.length > 0 || !alg || (isDeployedOnly && issuer === undefined)) throw new Refusal(USAGE);
  if (command !== "rotate" && (command !== "prune" || isRotateOnly)) throw new Refusal(USAGE);

  if (issuer === undefined) return changeDevVars(command === "rotate" ? [drawKey(alg)] : [], lifetime);
  const added = command === "rotate" ? [{ ...drawKey(alg), nbf: now() + delay }] : [];
  return changeDeployment(await readDeployment(issuer, env), added, { lifetime, isConfirmed: values.yes });
}

function secondsOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,9}$/.test(text)) throw new Refusal(USAGE);
  return text === undefined ? undefined : Number(text);
}

const lifetimeIn = ({ ACCESS_TOKEN_TTL_SECONDS }: Record<string, unknown>): number =>
  secondsOf(String(ACCESS_TOKEN_TTL_SECONDS || DEFAULT_ACCESS_TOKEN_TTL_SECONDS)) ?? 0;

/** Puts the added keys first. Old keys only verify: they become public. Removes expired ones. */
function changeDevVars(added: SigningJwk[], lifetime?: number): string {
  const text = readDevVars();
  const vars = parseEnv(text);
  const old = keysIn(vars["JWT_SIGNING_KEYS"]);
  const kept = prune(added.length > 0 ? [...added, ...old.map(publicHalf)] : old, lifetime ?? lifetimeIn(vars));

  const line = `JWT_SIGNING_KEYS='${JSON.stringify({ keys: kept })}'`;
  const changed = text.replace(/^JWT_SIGNING_KEYS=.*$/m, () => line);
  if (!changed.includes(line))
    throw new Refusal(`${DEV_VARS} has no line that starts with JWT_SIGNING_KEYS=, so nothing has changed.`);
  writeFileSync(DEV_VARS, changed);
  const [first, ...others] = kept.map(describe);
  return `Keys of ${DEV_VARS}: ${first} signs${others.map((key) => `, ${key} verifies`).join("")}.`;
}

function keysIn(set = '{"keys":[]}'): SigningJwk[] {
  try {
    return (JSON.parse(set) as { keys: SigningJwk[] }).keys;
  } catch {
    // The error would quote the keys.
    throw new Refusal(`JWT_SIGNING_KEYS of ${DEV_VARS} is no JSON.`);
  }
}

/** Removes keys that were replaced so long ago that all their tokens have expired. */
function prune(keys: SigningJwk[], lifetime: number): SigningJwk[] {
  return keys.filter((_, index) => {
    const replacedAt = keys[index - 1]?.iat;
    return typeof replacedAt !== "number" || replacedAt + lifetime > now();
  });
}

interface Consent {
  lifetime: number | undefined;
  isConfirmed: boolean | undefined;
}

/** Shows what will change, asks, and changes the secrets. The new key comes first. */
async function changeDeployment(
  deployment: KeyDeployment,
  added: SigningJwk[],
  { lifetime, isConfirmed }: Consent,
): Promise<string> {
  const expired = expiredSecrets(deployment, lifetime ?? lifetimeIn(deployment.vars), now());
  console.log(`Worker ${deployment.worker} at ${deployment.issuer}`);
  for (const key of deployment.served) console.log(`  serves   ${describe(key)}`);
  for (const key of added) console.log(`  adds     ${describe(key)} as ${nameOf(key)}`);
  for (const { name } of expired) console.log(`  deletes  ${name}`);
  if (added.length + expired.length === 0) return "There is nothing to change.";
  if (!isConfirmed) await confirm();

  for (const key of added) putKey(deployment, key);
  for (const { name } of expired) deleteSecret(deployment.env, name);
  return "Done.";
}

function describe({ kid, alg, nbf }: SigningJwk): string {
  return `${kid} (${alg}${nbf === undefined ? "" : `, signs from ${new Date(nbf * 1000).toISOString()}`})`;
}

const now = () => Math.floor(Date.now() / 1000);

if (import.meta.main) run(changeKeys);
