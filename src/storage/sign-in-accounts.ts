import { eq } from "drizzle-orm";
import { passwords, users } from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import { type IdentifierKey, type Lockout, lockoutStatement, type OutsideGuess } from "./lockouts.ts";

export type SecondFactor = "totp" | "passkey" | "recovery_code";

/** What a sign-in depends on, whatever proves the user. */
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
}

/** A guess at the account that an identifier names. */
export type IdentifierGuess = OutsideGuess & { account: IdentifierKey };

/** Finds the account that an identifier names, its lockout and its password. */
export async function findSignInAccount(db: Db, key: IdentifierGuess): Promise<Found> {
  const { kind, value } = key.account;
  const { lockout, user } = await batch(db, {
    lockout: lockoutStatement(db, key),
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
  if (!user[0]) return { lockout: lockout[0], account: undefined, passwordHash: undefined };
  const { passwordHash, ...account } = user[0];
  // The only place that says which factors an account has: no way to sign in can forget them.
  return { lockout: lockout[0], account: { ...account, factors: [] }, passwordHash: passwordHash ?? undefined };
}
