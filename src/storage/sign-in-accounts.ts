import { eq, sql } from "drizzle-orm";
import { passwords, users } from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import { type IdentifierKey, type Lockout, lockoutStatement, type OutsideGuess } from "./lockouts.ts";

export type SecondFactor = "totp" | "passkey" | "recovery_code";

/** The state of the account that every sign-in depends on. */
export interface SignInAccount {
  userId: string;
  /** The version of the account's credentials. A proof made under an older one is void. */
  credentialVersion: number;
  disabledAt: number | null;
  emailVerifiedAt: number | null;
  phoneVerifiedAt: number | null;
  roles: string[];
  /** Second factors that the account has enrolled. */
  factors: SecondFactor[];
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
export async function findSignInAccount(db: Db, key: IdentifierGuess): Promise<Found> {
  const { kind, value } = key.account;
  const { lockout, sample, user } = await batch(db, {
    lockout: lockoutStatement(db, key),
    sample: sampleHashStatement(db, key.account),
    user: db
      .select({
        userId: users.id,
        credentialVersion: users.credentialVersion,
        disabledAt: users.disabledAt,
        emailVerifiedAt: users.emailVerifiedAt,
        phoneVerifiedAt: users.phoneVerifiedAt,
        roles: users.roles,
        passwordHash: passwords.hash,
      })
      .from(users)
      .leftJoin(passwords, eq(passwords.userId, users.id))
      .where(eq(users[kind], value)),
  });
  const found = { lockout: lockout[0], sampleHash: sample[0]?.hash };
  if (!user[0]) return { ...found, account: undefined, passwordHash: undefined };
  const { passwordHash, ...account } = user[0];
  // The only place that says which factors an account has: no way to sign in can forget them.
  return { ...found, account: { ...account, factors: [] }, passwordHash: passwordHash ?? undefined };
}

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
