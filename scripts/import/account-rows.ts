/** The rows that an account of an import becomes, checked by the rules of the service. */
import { createHash, randomUUID } from "node:crypto";
import type * as z from "zod/mini";
import { COUNTRIES } from "../../src/config/countries.ts";
import { seal } from "../../src/crypto/sealing.ts";
import type { SigningSecrets } from "../../src/crypto/signed-values.ts";
import { err, type FieldError, ok, type Result } from "../../src/result.ts";
import { isStrictJson, parse } from "../../src/schemas/parse.ts";
import { findablePhone, parsePhone } from "../../src/schemas/phone.ts";
import { toProfileEdit } from "../../src/schemas/profile.ts";
import type { Assets } from "../../src/static-file.ts";
import type { AccountRows } from "../../src/storage/import.ts";
import { newUser } from "../../src/storage/users.ts";
import { Account, type Passkey, type Totp, UUID } from "./account.ts";

/** The namespace of URLs (RFC 9562 §6.6). */
const NAMESPACE = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");

export interface AccountContext {
  /** Names the system that the ids are from. */
  source: string;
  /** Seals the secrets of authenticator apps. */
  peppers: SigningSecrets | undefined;
  assets: Assets;
  /** The country (ISO 3166) of phone numbers without one. */
  defaultCountry?: string | undefined;
  /** The time of the import, in Unix milliseconds. */
  at: number;
}

/**
 * Returns the id of an account: that of the source if it is a UUID, or else one that is derived
 * from it (UUIDv5 of `gatehouse:<source>:<id>` in the namespace of URLs). So a repeated import
 * finds the accounts of the first one.
 */
export function accountIdOf(source: string, id: string): string {
  if (UUID.test(id)) return id.toLowerCase();
  const bytes = createHash("sha1").update(NAMESPACE).update(`gatehouse:${source}:${id}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Checks the fields of an account, and converts them to rows. Errors: `invalid_request`. */
export async function toRows(given: object, context: AccountContext): Promise<Result<AccountRows>> {
  const unstorable = Object.entries(given).filter(([, value]) => !isStorable(value));
  if (unstorable.length > 0)
    return err(
      "invalid_request",
      unstorable.map(([path]) => refuseText(path)),
    );
  const parsed = parse(Account, given);
  if (!parsed.ok) return parsed;

  const account = parsed.value;
  const phone = account.phone ? await toPhone(account.phone, context) : ok(null);
  if (!phone.ok) return phone;
  if (account.totp && !context.peppers)
    return err("invalid_request", [{ path: "totp", code: "required", message: "Needs the PEPPER of the service." }]);

  const { at } = context;
  const userId = accountIdOf(context.source, account.id);
  const emailVerifiedAt = account.email_verified ? (account.email_verified_at ?? at) : null;
  const phoneVerifiedAt = account.phone_verified ? (account.phone_verified_at ?? at) : null;
  const user = {
    ...newUser({ ...toProfileEdit(account), email: account.email, username: account.username, phone: phone.value }, at),
    id: userId,
    emailVerifiedAt: account.email ? emailVerifiedAt : null,
    phoneVerifiedAt: phone.value ? phoneVerifiedAt : null,
    roles: account.roles,
    disabledAt: account.disabled_at,
    createdAt: account.created_at ?? at,
    updatedAt: account.updated_at ?? at,
  };
  const isUnverified = user.emailVerifiedAt === null && user.phoneVerifiedAt === null;
  return ok({
    // The purge of unused accounts counts from the import.
    user: { ...user, lastUsedAt: isUnverified ? at : null },
    passwordHash: account.password_hash ?? undefined,
    totp: account.totp && context.peppers ? await toTotp(userId, account.totp, context.peppers, at) : undefined,
    recoveryCodes: account.recovery_codes.map(({ digest, created_at, spent_at }) => ({
      digest,
      userId,
      createdAt: created_at,
      spentAt: spent_at,
      usedBy: null,
    })),
    passkeys: account.passkeys.map((passkey) => toPasskey(userId, passkey)),
    identities: account.identities.map((identity) => ({
      issuer: identity.issuer,
      subject: identity.subject,
      id: identity.id ?? randomUUID(),
      userId,
      provider: identity.provider,
      email: identity.email,
      linkedAt: identity.linked_at ?? at,
      lastUsedAt: identity.last_used_at,
    })),
  });
}

/** Tests whether the database returns the texts in a value unchanged. */
const isStorable = (value: unknown) => value === undefined || isStrictJson(JSON.stringify(value));

const refuseText = (path: string): FieldError => ({
  path,
  code: "invalid_format",
  message: "Must not contain NUL or half of a surrogate pair.",
});

/** A number that no text message reaches is accepted in the form of E.164: it names its account. */
async function toPhone(typed: string, { assets, defaultCountry }: AccountContext): Promise<Result<string>> {
  const deps = { assets, config: { DEFAULT_COUNTRY: defaultCountry, SMS_COUNTRIES: COUNTRIES } };
  const parsed = await parsePhone(typed, deps);
  return !parsed.ok && (await findablePhone(typed, deps)) === typed ? ok(typed) : parsed;
}

async function toTotp(
  userId: string,
  { secret, confirmed_at }: z.output<typeof Totp>,
  peppers: SigningSecrets,
  at: number,
) {
  const confirmedAt = confirmed_at ?? at;
  const sealed = await seal(peppers, userId, secret);
  return { userId, secret: sealed, createdAt: confirmedAt, confirmedAt, lastStep: null, usedBy: null };
}

const toPasskey = (userId: string, passkey: z.output<typeof Passkey>) => ({
  id: passkey.id,
  userId,
  publicKey: JSON.stringify(passkey.public_key),
  algorithm: passkey.algorithm,
  signCount: passkey.sign_count,
  backupEligible: passkey.backup_eligible,
  backedUp: passkey.backed_up,
  firstFactor: passkey.first_factor,
  transports: passkey.transports,
  aaguid: passkey.aaguid,
  name: passkey.name,
  createdAt: passkey.created_at,
  lastUsedAt: passkey.last_used_at,
});
