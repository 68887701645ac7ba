/**
 * Firebase Authentication: `firebase auth:export users.json --format=json`. Verifying its hashes
 * takes the parameters of the project, which the console shows.
 */
import * as z from "zod/mini";
import { Refusal } from "../../command.ts";
import { type Format, format } from "./format.ts";
import { disabledSince, flag, moment, splitName, text, toIdentities, toPhcBase64, toTime } from "./values.ts";

const Row = z.object({
  localId: z.string(),
  email: text,
  emailVerified: flag,
  phoneNumber: text,
  displayName: text,
  passwordHash: text,
  salt: text,
  disabled: flag,
  createdAt: moment,
  providerUserInfo: z.nullish(z.array(z.object({ providerId: z.string(), rawId: text, email: text }))),
});

const PARAMETERS = ["base64_signer_key", "base64_salt_separator", "rounds", "mem_cost"] as const;

/** Reads the parameters as the console shows them, `name: value`. Throws if one is missing. */
export function parseHashConfig(config: string): Record<(typeof PARAMETERS)[number], string> {
  const found = PARAMETERS.map((name) => [name, new RegExp(`"?${name}"?\\s*[:=]\\s*"?([\\w+/=-]+)`).exec(config)?.[1]]);
  const missing = found.filter(([, value]) => !value).map(([name]) => name);
  if (missing.length > 0) throw new Refusal(`--firebase-hash-config: the file has no ${missing.join(", ")}.`);
  return Object.fromEntries(found);
}

/** Without parameters, a hash stays as it is, so that the import refuses it. */
export function firebase(config: string | undefined): Format {
  const parameters = config === undefined ? undefined : parseHashConfig(config);
  const toHash = (hash: string, salt: string) => {
    if (!parameters) return hash;
    const { base64_signer_key: key, base64_salt_separator: separator, rounds, mem_cost } = parameters;
    return `$firebase-scrypt$ln=${mem_cost},r=${rounds}$${[salt, separator, key, hash].map(toPhcBase64).join("$")}`;
  };
  return format(
    Row,
    (row) => ({
      id: row.localId,
      email: row.email,
      email_verified: row.emailVerified,
      phone: row.phoneNumber,
      // Firebase stores a number only after a code to it was right.
      phone_verified: Boolean(row.phoneNumber),
      ...splitName(row.displayName),
      disabled_at: disabledSince(row.disabled),
      created_at: toTime(row.createdAt),
      password_hash: row.passwordHash && row.salt ? toHash(row.passwordHash, row.salt) : undefined,
      identities: toIdentities(
        row.providerUserInfo?.flatMap(({ providerId: provider, rawId: subject, email }) =>
          subject ? [{ provider, subject, email }] : [],
        ),
      ),
    }),
    { list: "users" },
  );
}
