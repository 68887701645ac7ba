/** `npm run keys -- rotate|prune`: changes the signing keys without signing anyone out. */
import { spawnSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { publicHalf, SIGNING_ALGORITHMS, type SigningAlgorithm, type SigningJwk } from "../src/crypto/keys.ts";

const DEV_VARS = ".dev.vars";
/** The maximum of `ACCESS_TOKEN_TTL_SECONDS`. */
const LONGEST_LIFETIME = "34560000";
const USAGE = `npm run keys -- rotate [--alg ES256|EdDSA|RS256] [--issuer https://auth.example.com]
npm run keys -- prune

rotate  Puts a new signing key first, keeps the public part of the other keys, and then prunes.
prune   Removes keys that were replaced more than --lifetime seconds ago. The default is
        ACCESS_TOKEN_TTL_SECONDS of .dev.vars, or its maximum with --issuer.

Both commands edit .dev.vars. With --issuer, rotate reads the public keys of that deployment and
passes the new set to \`wrangler secret put\`. A deployment needs no prune: rotate includes it.`;

/** Creates a private signing key. Its `iat` tells when it replaced the key after it in the set. */
export function drawKey(alg: SigningAlgorithm): SigningJwk {
  const pair = {
    ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: () => generateKeyPairSync("ed25519"),
    RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  }[alg]();
  const jwk = pair.privateKey.export({ format: "jwk" });
  return { ...jwk, kid: randomUUID(), alg, use: "sig", iat: now() } as SigningJwk;
}

/** Puts a new key first and removes expired ones. Old keys only verify: they become public. */
function rotate(keys: SigningJwk[], alg: SigningAlgorithm, lifetime: number): SigningJwk[] {
  return prune([drawKey(alg), ...keys.map(publicHalf)], lifetime);
}

/** Removes keys that were replaced so long ago that all their tokens have expired. */
function prune(keys: SigningJwk[], lifetime: number): SigningJwk[] {
  return keys.filter((_, index) => {
    const replacedAt = keys[index - 1]?.iat;
    return typeof replacedAt !== "number" || replacedAt + lifetime > now();
  });
}

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      alg: { type: "string", default: "ES256" },
      issuer: { type: "string" },
      lifetime: { type: "string" },
    },
  });
  const [command] = positionals;
  const alg = SIGNING_ALGORITHMS.find((name) => name === values.alg);
  const lifetime = Number(values.lifetime ?? (values.issuer ? LONGEST_LIFETIME : localLifetime()));
  if (positionals.length !== 1 || !alg || !Number.isInteger(lifetime) || lifetime < 0) return fail(USAGE);

  if (command === "rotate" && values.issuer) return putSecret(rotate(await deployedKeys(values.issuer), alg, lifetime));
  if (command === "rotate") return writeDevVars(rotate(localKeys(), alg, lifetime));
  if (command === "prune" && !values.issuer) return writeDevVars(prune(localKeys(), lifetime));
  return fail(USAGE);
}

async function deployedKeys(issuer: string): Promise<SigningJwk[]> {
  const answer = await fetch(new URL("/.well-known/jwks.json", issuer));
  if (!answer.ok) throw new Error(`${issuer} shows no keys: ${answer.status}`);
  return ((await answer.json()) as { keys: SigningJwk[] }).keys;
}

const devVars = () => parseEnv(readFileSync(DEV_VARS, "utf8"));

function localKeys(): SigningJwk[] {
  const { JWT_SIGNING_KEYS = "" } = devVars();
  return JSON.parse(JWT_SIGNING_KEYS).keys;
}

function localLifetime(): string {
  const { ACCESS_TOKEN_TTL_SECONDS } = devVars();
  return ACCESS_TOKEN_TTL_SECONDS || LONGEST_LIFETIME;
}

function writeDevVars(keys: SigningJwk[]) {
  const text = readFileSync(DEV_VARS, "utf8");
  const line = `JWT_SIGNING_KEYS='${JSON.stringify({ keys })}'`;
  const changed = text.replace(/^JWT_SIGNING_KEYS=.*$/m, () => line);
  if (!changed.includes(line))
    return fail(`${DEV_VARS} has no line that starts with JWT_SIGNING_KEYS=, so nothing has changed.`);
  writeFileSync(DEV_VARS, changed);
  report(keys, DEV_VARS);
}

function putSecret(keys: SigningJwk[]) {
  const { status } = spawnSync("wrangler", ["secret", "put", "JWT_SIGNING_KEYS"], {
    input: JSON.stringify({ keys }),
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (status !== 0) return fail("wrangler did not accept the keys.");
  report(keys, "the deployment");
}

function report(keys: SigningJwk[], where: string) {
  const [first, ...others] = keys.map(({ kid, alg }) => `${kid} (${alg})`);
  console.log(`Keys of ${where}: ${first} signs${others.map((key) => `, ${key} verifies`).join("")}.`);
}

function fail(message: string) {
  console.error(message);
  process.exitCode = 1;
}

const now = () => Math.floor(Date.now() / 1000);

if (import.meta.main) await main();
