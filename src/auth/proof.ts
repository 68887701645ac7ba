/** A proof of identity. */
export interface SignIn {
  userId: string;
  /** The version of the account's credentials that were proven. */
  credentialVersion: number;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** Unix time in milliseconds. */
  authenticatedAt: number;
}

export type SecondFactor = "totp" | "passkey" | "recovery_code";

/** The account as it was when the proof was made. */
export interface AccountState {
  disabledAt: number | null;
  emailVerifiedAt: number | null;
  phoneVerifiedAt: number | null;
  roles: string[];
  /** Second factors that the account has enrolled. */
  factors: SecondFactor[];
}
