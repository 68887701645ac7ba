/** One account of an import: the fields of a line of NDJSON. `npm run export` writes the same. */
import * as z from "zod/mini";
import { paramsOf } from "../../src/crypto/password.ts";
import { isAffordable, parseForeignHash } from "../../src/passwords/foreign-hash-format.ts";
import { Email, Phone, Username } from "../../src/schemas/identifier.ts";
import { clearable, optionalOr } from "../../src/schemas/optional.ts";
import { coded } from "../../src/schemas/parse.ts";
import { hasItsContact, profileFields } from "../../src/schemas/profile.ts";
import { Roles } from "../../src/schemas/user.ts";
import { PasskeyName } from "../../src/schemas/webauthn.ts";
import { MAX_IDENTITIES } from "../../src/storage/identity-links.ts";
import { MAX_PASSKEYS } from "../../src/storage/passkeys.ts";

const MAX_RECOVERY_CODES = 20;
/** The year 9999, the last that ISO 8601 writes with four digits. */
const MAX_TIME = 253_402_300_799_999;

export const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const short = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

/** An ISO 8601 time, which becomes Unix milliseconds. */
const Time = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    if (time >= 0 && time <= MAX_TIME) return time;
    issues.push({ code: "custom", input: text, message: "Must be an ISO 8601 time such as 2026-01-31T09:00:00Z." });
    return z.NEVER;
  }),
);
const OptionalTime = optionalOr(z.nullable(Time), null);

/** A hash that the service verifies: its own scrypt, or one of another system. */
const PasswordHash = z.string().check(
  z.refine((hash) => Boolean(paramsOf(hash) ?? parseForeignHash(hash)), {
    error: "Must be a password hash that docs/passwords.md lists.",
    abort: true,
  }),
  z.refine(
    (hash) => {
      const foreign = parseForeignHash(hash);
      return !foreign || isAffordable(foreign);
    },
    { error: "Must not cost more to verify than the service allows.", ...coded("out_of_range") },
  ),
);

export const Totp = z.strictObject({
  /** In base32. Apps show it with spaces and in lower case. */
  secret: z.string().check(
    z.overwrite((text) => text.toUpperCase().replace(/[\s=-]/g, "")),
    z.regex(/^[A-Z2-7]{16,128}$/, "Must be base32 of at least 80 bits."),
  ),
  confirmed_at: OptionalTime,
});

/** A code is known to the service by a digest, under `PEPPER` and for one id of an account. */
const RecoveryCode = z.strictObject({
  digest: z.string().check(z.regex(/^[\w-]{43}$/)),
  created_at: Time,
  spent_at: OptionalTime,
});

const base64url = (min: number, max = min) => z.string().check(z.regex(new RegExp(`^[\\w-]{${min},${max}}$`)));

/** A public key that the service verifies with, as a JWK. RSA has 2048 to 4096 bits. */
const PublicKey = z.discriminatedUnion("kty", [
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: base64url(43), y: base64url(43) }),
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: base64url(43) }),
  z.strictObject({ kty: z.literal("RSA"), n: base64url(342, 683), e: z.literal("AQAB") }),
]);
const KEY_TYPE = { [-7]: "EC", [-8]: "OKP", [-257]: "RSA" };

const PasskeyFields = z.strictObject({
  id: base64url(1, 1366),
  public_key: PublicKey,
  algorithm: z.literal([-8, -7, -257]),
  sign_count: z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)),
  backup_eligible: z.boolean(),
  backed_up: z.boolean(),
  first_factor: z.boolean(),
  transports: z.array(short(32)).check(z.maxLength(16)),
  aaguid: z.string().check(z.regex(UUID)),
  name: PasskeyName,
  created_at: Time,
  last_used_at: OptionalTime,
});

export const Passkey = PasskeyFields.check(
  z.refine(({ algorithm, public_key }) => KEY_TYPE[algorithm] === public_key.kty, {
    path: ["algorithm"],
    error: "Must be the algorithm of the key.",
  }),
);

const Identity = z.strictObject({
  id: z.optional(z.string().check(z.regex(UUID))),
  /** The id of the provider in `IDENTITY_PROVIDERS`. */
  provider: z.string().check(z.regex(/^[a-z\d-]{1,32}$/)),
  issuer: short(500),
  subject: short(255),
  email: optionalOr(z.nullable(short(254)), null),
  linked_at: z.optional(Time),
  last_used_at: OptionalTime,
});

const list = <Schema extends z.ZodMiniType>(schema: Schema, max: number) =>
  optionalOr(z.array(schema).check(z.maxLength(max)), []);

const Flag = optionalOr(z.boolean(), false);

/** The fields of an account, by the names of the API. */
export const Account = z
  .strictObject({
    /** The id in the source. A UUID is kept. */
    id: short(255),
    email: clearable(Email),
    email_verified: Flag,
    email_verified_at: OptionalTime,
    phone: clearable(Phone),
    phone_verified: Flag,
    phone_verified_at: OptionalTime,
    username: clearable(Username),
    ...profileFields,
    roles: optionalOr(Roles, []),
    disabled_at: OptionalTime,
    created_at: OptionalTime,
    updated_at: OptionalTime,
    password_hash: clearable(PasswordHash),
    totp: z.nullish(Totp),
    recovery_codes: list(RecoveryCode, MAX_RECOVERY_CODES),
    passkeys: list(Passkey, MAX_PASSKEYS),
    identities: list(Identity, MAX_IDENTITIES),
  })
  .check(
    hasItsContact,
    z.refine(({ email, phone, username, identities }) => Boolean(email || phone || username || identities.length), {
      path: ["email"],
      error: "Send an email address, a phone number, a username or an identity.",
      ...coded("required"),
    }),
  );

export type AccountInput = z.input<typeof Account>;
export const FIELDS = Object.keys(Account.shape);
