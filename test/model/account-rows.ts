/** Reads accounts from the database. */
import { env } from "cloudflare:workers";
import { unseal } from "../../src/crypto/sealing.ts";
import type { Account } from "./snapshot.ts";

export interface UserRow {
  id: string;
  email: string | null;
  email_verified_at: number | null;
  phone: string | null;
  phone_verified_at: number | null;
  username: string | null;
  disabled_at: number | null;
  credential_version: number;
  hash: string | null;
  secret: string | null;
  passkeys: string;
  codes: string;
  /** 1, 0, or null if there is no factor or no proof. */
  has_unproven: number | null;
  first_proof_at: number | null;
  first_name: string | null;
  last_name: string | null;
  identities: string;
  roles: string;
  due_at: number | null;
  failures: number | null;
  notices: string;
}

const FIRST_PROOF =
  "min(coalesce(email_verified_at, phone_verified_at), coalesce(phone_verified_at, email_verified_at))";

/** Selects all accounts with their credentials. */
export const ACCOUNTS = `select users.*, hash, secret,
         (select json_group_array(id) from passkeys where user_id = users.id) as passkeys,
         (select json_group_array(digest) from recovery_codes where user_id = users.id) as codes,
         (select min(created_at) from (
            select created_at from totps where user_id = users.id union all
            select created_at from passkeys where user_id = users.id union all
            select created_at from recovery_codes where user_id = users.id))
           < ${FIRST_PROOF} as has_unproven,
         ${FIRST_PROOF} as first_proof_at,
         (select json_group_array(json_object('key', issuer || ' ' || subject, 'id', id)) from identities
           where user_id = users.id) as identities,
         (select due_at from factor_removals where user_id = users.id) as due_at,
         (select failures from lockouts where subject = users.id || '/second-factor') as failures,
         (select json_group_array(kind) from notices where user_id = users.id) as notices
       from users left join passwords on passwords.user_id = users.id
         left join totps on totps.user_id = users.id and confirmed_at is not null`;

export async function toAccount(row: UserRow): Promise<Account> {
  const { id, email, phone, username } = row;
  const proven = [row.email_verified_at === null ? null : email, row.phone_verified_at === null ? null : phone];
  return {
    id,
    email,
    phone,
    proven: proven.filter((address) => address !== null),
    username,
    disabled: row.disabled_at !== null,
    credentialVersion: row.credential_version,
    passwordHash: row.hash,
    app: row.secret === null ? null : ((await unseal([env.PEPPER], id, row.secret)) ?? null),
    passkeys: JSON.parse(row.passkeys),
    codes: JSON.parse(row.codes),
    identities: JSON.parse(row.identities),
    firstProofAt: row.first_proof_at,
    profile: `${row.first_name} ${row.last_name}`,
    hasUnprovenFactor: row.has_unproven === 1,
    roles: JSON.parse(row.roles),
    removalDueAt: row.due_at,
    wrongFactors: row.failures ?? 0,
    notices: JSON.parse(row.notices),
  };
}
