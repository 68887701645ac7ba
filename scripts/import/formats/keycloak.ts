/** Keycloak: a realm export (`kc.sh export --realm NAME`), or one of its files of users. */
import * as z from "zod/mini";
import { parseJson } from "../../../src/config/values.ts";
import { format } from "./format.ts";
import { disabledSince, flag, moment, text, toIdentities, toPhcBase64, toTime, toUsername } from "./values.ts";

/** `secretData` and `credentialData` are JSON in strings. */
const Credential = z.object({ type: z.string(), secretData: text, credentialData: text, createdDate: moment });

const Row = z.object({
  id: text,
  username: z.string(),
  email: text,
  emailVerified: flag,
  enabled: flag,
  firstName: text,
  lastName: text,
  createdTimestamp: moment,
  serviceAccountClientId: text,
  attributes: z.nullish(z.object({ locale: z.nullish(z.array(z.string())) })),
  credentials: z.nullish(z.array(Credential)),
  realmRoles: z.nullish(z.array(z.string())),
  federatedIdentities: z.nullish(z.array(z.object({ identityProvider: z.string(), userId: z.string() }))),
});

/** Roles that Keycloak gives to every user. */
const OWN_ROLE = /^(default-roles-.*|offline_access|uma_authorization)$/;

export const keycloak = format(
  Row,
  (row) => {
    // A client, not a person.
    if (row.serviceAccountClientId) return undefined;
    const of = (type: string) => row.credentials?.find((credential) => credential.type === type);
    return {
      id: row.id ?? row.username,
      email: row.email,
      email_verified: row.emailVerified,
      username: toUsername(row.username),
      first_name: row.firstName,
      last_name: row.lastName,
      locale: row.attributes?.locale?.[0],
      roles: row.realmRoles?.filter((role) => !OWN_ROLE.test(role)),
      disabled_at: disabledSince(row.enabled === false),
      created_at: toTime(row.createdTimestamp),
      password_hash: toHash(of("password")),
      totp: toTotp(of("otp")),
      identities: toIdentities(
        row.federatedIdentities?.map(({ identityProvider, userId }) => ({
          provider: identityProvider,
          subject: userId,
        })),
      ),
    };
  },
  { list: "users" },
);

type Credential = z.output<typeof Credential> | undefined;

const Secret = z.object({ value: z.string(), salt: text });
const HashData = z.object({
  algorithm: z.string(),
  hashIterations: z.number(),
  additionalParameters: z.nullish(z.record(z.string(), z.array(z.string()))),
});

/** Converts a hash. One that is not understood becomes one that the import refuses. */
function toHash(credential: Credential): string | undefined {
  if (!credential) return undefined;
  const secret = Secret.safeParse(parseJson(credential.secretData ?? ""));
  const data = HashData.safeParse(parseJson(credential.credentialData ?? ""));
  if (!secret.success || !data.success) return "unknown";
  const { algorithm, hashIterations, additionalParameters } = data.data;
  const parts = [secret.data.salt ?? "", secret.data.value].map(toPhcBase64).join("$");
  if (algorithm === "argon2") {
    const [type, memory, lanes] = ["type", "memory", "parallelism"].map((name) => additionalParameters?.[name]?.[0]);
    return `$argon2${type}$v=19$m=${memory},t=${hashIterations},p=${lanes}$${parts}`;
  }
  const digest = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm);
  return digest ? `$pbkdf2-${digest[1] ?? "sha1"}$i=${hashIterations}$${parts}` : algorithm;
}

const OtpData = z.object({
  subType: z.literal("totp"),
  digits: z.literal(6),
  period: z.literal(30),
  algorithm: z.literal("HmacSHA1"),
  secretEncoding: text,
});

/** Codes of other kinds than the service verifies become a secret that the import refuses. */
function toTotp(credential: Credential) {
  if (!credential) return undefined;
  const secret = Secret.safeParse(parseJson(credential.secretData ?? ""));
  const data = OtpData.safeParse(parseJson(credential.credentialData ?? ""));
  if (!secret.success || !data.success) return { secret: "" };
  // The bytes of the text are the key, unless it says that it is in base32.
  const { value } = secret.data;
  return {
    secret: data.data.secretEncoding === "BASE32" ? value : toBase32(value),
    confirmed_at: toTime(credential.createdDate),
  };
}

/** Base32 (RFC 4648 §6) without padding. */
function toBase32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
}
