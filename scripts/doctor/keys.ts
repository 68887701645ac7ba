/** Checks the signing keys: which one signs, how old it is, and which are left over. */
import type { SigningJwk } from "../../src/crypto/keys.ts";
import type { Finding } from "./report.ts";

const CHECK = "keys";
const DAY_SECONDS = 86_400;
const MAX_AGE_DAYS = 365;

export interface KeyState {
  /** The keys, public or private. */
  keys: SigningJwk[];
  /** How long a token is valid, in seconds. */
  lifetime: number;
  /** What follows `npm run keys -- rotate` for them, such as an address. */
  target: string;
  /** Unix time in seconds. */
  now: number;
}

export function checkKeys({ keys, lifetime, target, now }: KeyState): Finding[] {
  const signing = keys
    .filter(({ nbf = 0 }) => nbf <= now)
    .sort((a, b) => (b.nbf ?? 0) - (a.nbf ?? 0))
    .at(0);
  if (!signing) return [{ check: CHECK, level: "warn", message: "No key signs yet: the first one begins later." }];
  const since = Math.max(signing.iat ?? 0, signing.nbf ?? 0);
  const age = signing.iat === undefined ? "of unknown age" : `${daysSince(signing.iat, now)} days old`;
  const old = keys.filter((key) => key !== signing && (key.nbf ?? 0) <= now);
  const isOld = signing.iat !== undefined && daysSince(signing.iat, now) > MAX_AGE_DAYS;
  const description = `${signing.kid} (${signing.alg}) signs, ${age}.`;
  return [
    isOld
      ? { check: CHECK, level: "warn", message: `${description} Rotate it: npm run keys -- rotate${target}` }
      : { check: CHECK, level: "ok", message: description },
    ...(old.length > 0 && since > 0 && since + lifetime < now
      ? [
          {
            check: CHECK,
            level: "warn",
            message: `${old.length} replaced ${old.length === 1 ? "key is" : "keys are"} still accepted. Remove: npm run keys -- prune${target}`,
          } as const,
        ]
      : []),
  ];
}

const daysSince = (time: number, now: number) => Math.floor((now - time) / DAY_SECONDS);
