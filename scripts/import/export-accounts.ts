/** The export: all accounts, in pages, in the fields that the import takes. */
import { unseal } from "../../src/crypto/sealing.ts";
import { toUser } from "../../src/schemas/user.ts";
import { type AccountRows, readAccounts } from "../../src/storage/import.ts";
import type { AccountDatabase } from "../account-database.ts";
import { Refusal } from "../command.ts";
import type { AccountInput } from "./account.ts";

const PAGE = 500;

/**
 * Reads all accounts in the order of their ids. Throws a `Refusal` if an authenticator app was
 * sealed under another pepper.
 */
export async function* exportAccounts({ db, peppers }: AccountDatabase): AsyncGenerator<AccountInput[]> {
  for (let after = ""; ; ) {
    const rows = await readAccounts(db, after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    after = last.user.id;
    yield await Promise.all(rows.map((account) => toAccount(account, peppers)));
  }
}

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

async function toAccount(rows: AccountRows, peppers: AccountDatabase["peppers"]): Promise<AccountInput> {
  const { user } = rows;
  return {
    ...toUser(user),
    email_verified_at: isoOrNull(user.emailVerifiedAt),
    phone_verified_at: isoOrNull(user.phoneVerifiedAt),
    disabled_at: isoOrNull(user.disabledAt),
    password_hash: rows.passwordHash ?? null,
    totp: await toTotp(rows, peppers),
    recovery_codes: rows.recoveryCodes.map((code) => ({
      digest: code.digest,
      created_at: iso(code.createdAt),
      spent_at: isoOrNull(code.spentAt),
    })),
    passkeys: rows.passkeys.map((passkey) => ({
      id: passkey.id,
      public_key: JSON.parse(passkey.publicKey),
      algorithm: passkey.algorithm as -8 | -7 | -257,
      sign_count: passkey.signCount,
      backup_eligible: passkey.backupEligible,
      backed_up: passkey.backedUp,
      first_factor: passkey.firstFactor,
      transports: passkey.transports,
      aaguid: passkey.aaguid,
      name: passkey.name,
      created_at: iso(passkey.createdAt),
      last_used_at: isoOrNull(passkey.lastUsedAt),
    })),
    identities: rows.identities.map((identity) => ({
      id: identity.id,
      provider: identity.provider,
      issuer: identity.issuer,
      subject: identity.subject,
      email: identity.email,
      linked_at: iso(identity.linkedAt),
      last_used_at: isoOrNull(identity.lastUsedAt),
    })),
  };
}

async function toTotp({ user, totp }: AccountRows, peppers: AccountDatabase["peppers"]) {
  if (!totp) return null;
  if (!peppers) throw new Refusal("Accounts have authenticator apps, whose secrets are sealed: give --pepper-file.");
  const secret = await unseal(peppers, user.id, totp.secret);
  if (!secret) throw new Refusal(`The secret of the authenticator app of ${user.id} is sealed under another PEPPER.`);
  return { secret, confirmed_at: isoOrNull(totp.confirmedAt) };
}
