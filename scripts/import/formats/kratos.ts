/**
 * Ory Kratos: identities with their credentials, as `GET /admin/identities?include_credential=…`
 * lists them, or one a line.
 */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { disabledSince, moment, splitName, text, toIdentities, toTime, toUsername } from "./values.ts";

const Name = z.union([z.string(), z.object({ first: text, last: text })]);
const Address = z.object({ value: z.string(), verified: z.boolean(), verified_at: moment });

const Row = z.object({
  id: z.string(),
  state: text,
  state_changed_at: moment,
  created_at: moment,
  updated_at: moment,
  traits: z.object({ email: text, phone: text, username: text, name: z.nullish(Name) }),
  verifiable_addresses: z.nullish(z.array(Address)),
  credentials: z.nullish(
    z.object({
      password: z.nullish(z.object({ config: z.nullish(z.object({ hashed_password: text })) })),
      totp: z.nullish(z.object({ config: z.nullish(z.object({ totp_url: text })) })),
      oidc: z.nullish(
        z.object({
          config: z.nullish(
            z.object({ providers: z.nullish(z.array(z.object({ provider: z.string(), subject: z.string() }))) }),
          ),
        }),
      ),
    }),
  ),
});

export const kratos = format(Row, ({ traits, credentials, verifiable_addresses, ...row }) => {
  const proven = (address: string | null | undefined) =>
    verifiable_addresses?.find(({ value, verified }) => verified && value.toLowerCase() === address?.toLowerCase());
  const [email, phone] = [proven(traits.email), proven(traits.phone)];
  const { name } = traits;
  return {
    id: row.id,
    email: traits.email,
    email_verified: Boolean(email),
    email_verified_at: toTime(email?.verified_at),
    phone: traits.phone,
    phone_verified: Boolean(phone),
    phone_verified_at: toTime(phone?.verified_at),
    username: toUsername(traits.username),
    ...(typeof name === "object" && name ? { first_name: name.first, last_name: name.last } : splitName(name)),
    disabled_at: disabledSince(row.state === "inactive", toTime(row.state_changed_at)),
    created_at: toTime(row.created_at),
    updated_at: toTime(row.updated_at),
    password_hash: toHash(credentials?.password?.config?.hashed_password),
    totp: toTotp(credentials?.totp?.config?.totp_url),
    identities: toIdentities(credentials?.oidc?.config?.providers),
  };
});

/** It writes the length of the key of PBKDF2, N as `ln` of scrypt, and padding. */
const toHash = (hash: string | null | undefined) =>
  hash
    ?.replace(/^(\$pbkdf2-sha\d+\$i=\d+),l=\d+\$/, "$1$$")
    .replace(/^(\$scrypt\$ln=)(\d{3,})/, (_, name, cost) => `${name}${Math.log2(Number(cost))}`)
    .replace(/=+(?=\$|$)/g, "");

/** Reads the URL of a QR code. Codes of another kind become a secret that the import refuses. */
function toTotp(url: string | null | undefined) {
  if (!url) return undefined;
  const { searchParams } = URL.parse(url) ?? new URL("otpauth://totp");
  const { secret = "", algorithm = "SHA1", digits = "6", period = "30" } = Object.fromEntries(searchParams);
  return { secret: algorithm === "SHA1" && digits === "6" && period === "30" ? secret : "" };
}
