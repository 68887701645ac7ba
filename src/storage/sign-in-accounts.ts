import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { identities, passkeys, passwords, totps, users } from "../../drizzle/schema.ts";
import type { SecondFactor } from "../contract/factors.ts";
import { batch, type Db } from "./db.ts";
import {
  type FactorCounts,
  type FactorKeys,
  type FoundProof,
  factorColumns,
  identityCount,
  isWaiting,
  type PasskeyRow,
  proofStatements,
  secondFactorsOf,
  signInWith,
} from "./factors.ts";
import { type IdentityKey, isIdentity } from "./identities.ts";
import type { IdentifierKey, KnownDevice, OutsideGuess } from "./lockout-subjects.ts";
import { type Lockout, lockoutStatement } from "./lockouts.ts";
import { type CredentialProof, enrollingUserStatement } from "./session-conditions.ts";
import { isTrustedDevice } from "./trusted-devices.ts";

/** The state of the account that every sign-in depends on. */
export interface SignInAccount {
  userId: string;
  /** The version of the account's credentials. A proof made under an older one is void. */
  credentialVersion: number;
  disabledAt: number | null;
  emailVerifiedAt: number | null;
  phoneVerifiedAt: number | null;
  roles: string[];
  hasPassword: boolean;
  /** How many identities are linked. */
  identityCount?: number;
  /** Second factors that the account has enrolled. */
  factors: SecondFactor[];
  /** Whether the user trusts the device that the request names. */
  isTrusted?: boolean;
}

interface Found {
  lockout: Lockout | undefined;
  account: SignInAccount | undefined;
  /** Undefined if the account has no password. */
  passwordHash: string | undefined;
  /** The hash of some account, the same one each time. Undefined if no account has a password. */
  sampleHash: string | undefined;
}

/** A guess at the account that an identifier names. */
export type IdentifierGuess = OutsideGuess & { account: IdentifierKey };

/**
 * Finds the account that an identifier names, its lockout and its password. Also reads the hash of
 * a random account, so that a dummy hash can have the parameters of a real one.
 */
export async function findSignInAccount(db: Db, key: IdentifierGuess, now: number): Promise<Found> {
  const { kind, value } = key.account;
  const { lockout, sample, user } = await batch(db, {
    lockout: lockoutStatement(db, key),
    sample: sampleHashStatement(db, key.account),
    user: accountStatement(db, eq(users[kind], value), isTrustedDevice(db, key.device, now)),
  });
  const found = { lockout: lockout[0], sampleHash: sample[0]?.hash };
  if (!user[0]) return { ...found, account: undefined, passwordHash: undefined };
  return { ...found, account: toAccount(user[0]), passwordHash: user[0].passwordHash ?? undefined };
}

/** Finds the account of a user, its lockout, and what a proof of a second factor names. */
export async function findAccountAndProof(
  db: Db,
  key: OutsideGuess & { account: { userId: string } },
  proof: FactorKeys,
): Promise<{ lockout: Lockout | undefined; account: SignInAccount | undefined; proof: FoundProof }> {
  const { userId } = key.account;
  const { lockout, user, totp, recoveryCode, passkey } = await batch(db, {
    lockout: lockoutStatement(db, key),
    user: accountStatement(db, eq(users.id, userId)),
    ...proofStatements(db, userId, proof),
  });
  return {
    lockout: lockout[0],
    account: user[0] && toAccount(user[0]),
    proof: { totp: totp[0], recoveryCode: recoveryCode[0], passkey: passkey[0] },
  };
}

/** Finds the account that adds a factor, and what the factor is compared with. */
export async function findEnrollment(
  db: Db,
  { userId, credentialVersion }: CredentialProof,
  { now, credentialId = "" }: { now: number; credentialId?: string | undefined },
) {
  const { user, waiting, taken } = await batch(db, {
    user: accountStatement(db, eq(users.id, userId)),
    waiting: db
      .select({ secret: totps.secret })
      .from(totps)
      .where(and(eq(totps.userId, userId), isWaiting(now, signInWith(credentialVersion)))),
    taken: db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.id, credentialId)),
  });
  return {
    account: user[0] && toAccount(user[0]),
    secret: waiting[0]?.secret,
    isTaken: taken.length > 0,
  };
}

/** Finds the names of a user who adds a passkey at sign-in, if the proof still holds. */
export async function findEnrollingUser(db: Db, proof: CredentialProof) {
  const [user] = await enrollingUserStatement(db, proof);
  return user;
}

/** Finds a passkey and the account that it belongs to. */
export async function findPasskeyAccount(
  db: Db,
  id: string,
): Promise<{ passkey: PasskeyRow | undefined; account: SignInAccount | undefined }> {
  const owner = db.select({ id: passkeys.userId }).from(passkeys).where(eq(passkeys.id, id));
  const { passkey, user } = await batch(db, {
    passkey: db.select().from(passkeys).where(eq(passkeys.id, id)),
    user: accountStatement(db, inArray(users.id, owner)),
  });
  return { passkey: passkey[0], account: user[0] && toAccount(user[0]) };
}

interface FoundIdentity {
  /** The account that the identity is linked to. */
  account: SignInAccount | undefined;
  /** A name of that account. */
  name: string | undefined;
  /** The user whose account has the address. */
  holder: string | undefined;
}

/** Finds the account of an identity, and the one that has its address. */
export async function findIdentityAccount(
  db: Db,
  { email, ...key }: IdentityKey & { email: string | null },
  device: KnownDevice | undefined,
  now: number,
): Promise<FoundIdentity> {
  const owner = inArray(users.id, db.select({ id: identities.userId }).from(identities).where(isIdentity(key)));
  const { user, names, holder } = await batch(db, {
    user: accountStatement(db, owner, isTrustedDevice(db, device, now)),
    names: db.select({ email: users.email, username: users.username, phone: users.phone }).from(users).where(owner),
    holder: db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.email, email ?? "")),
  });
  const [name] = names;
  return {
    account: user[0] && toAccount(user[0]),
    name: name?.email ?? name?.username ?? name?.phone ?? undefined,
    holder: holder[0]?.id,
  };
}

export const accountStatement = (db: Db, where: SQL, isTrusted = sql`false`) =>
  db
    .select({
      userId: users.id,
      credentialVersion: users.credentialVersion,
      disabledAt: users.disabledAt,
      emailVerifiedAt: users.emailVerifiedAt,
      phoneVerifiedAt: users.phoneVerifiedAt,
      roles: users.roles,
      passwordHash: passwords.hash,
      isTrusted: isTrusted.mapWith(Boolean),
      identityCount,
      ...factorColumns,
    })
    .from(users)
    .leftJoin(passwords, eq(passwords.userId, users.id))
    .where(where);

/** The only place that says which factors an account has: no way to sign in can forget them. */
export const toAccount = (
  row: Omit<SignInAccount, "factors" | "hasPassword"> & FactorCounts & { passwordHash: string | null },
): SignInAccount => ({
  userId: row.userId,
  credentialVersion: row.credentialVersion,
  disabledAt: row.disabledAt,
  emailVerifiedAt: row.emailVerifiedAt,
  phoneVerifiedAt: row.phoneVerifiedAt,
  roles: row.roles,
  hasPassword: row.passwordHash !== null,
  identityCount: row.identityCount ?? 0,
  factors: secondFactorsOf(row),
  isTrusted: row.isTrusted ?? false,
});

/**
 * Selects the first password whose user id follows a keyed hash of the identifier, or the first of
 * all. Ids are random, so old parameters are as frequent in samples as among the accounts. Two
 * index lookups, whatever the number of accounts.
 */
function sampleHashStatement(db: Db, { digest }: IdentifierKey) {
  const point = Buffer.from(digest, "base64url").toString("hex");
  const first = (where = sql``) => sql`(select min(${passwords.userId}) from ${passwords} ${where})`;
  return db
    .select({ hash: passwords.hash })
    .from(passwords)
    .where(eq(passwords.userId, sql`coalesce(${first(sql`where ${passwords.userId} >= ${point}`)}, ${first()})`));
}
