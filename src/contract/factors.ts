/** A way to prove a user besides the first factor. */
export type SecondFactor = "totp" | "passkey" | "recovery_code";

/** A way to sign in. The codes are sent to an address of the account, by mail or as a text. */
export type LoginMethod = "password" | "passkey" | "email_code" | "phone_code";

/** What a sign-in lacks after a right first factor. */
export interface SecondFactorStep {
  /** Proves the first factor for five minutes, or ten to add a second one. */
  login_token: string;
  /** The factors of the account, one of which is required, or those that it can add. */
  factors: SecondFactor[];
}

/** What an account can sign in with. */
export interface Factors {
  password: boolean;
  /** `null` without an authenticator app. */
  totp: { confirmed_at: string } | null;
  passkeys: number;
  /** Linked accounts at identity providers. */
  identities: number;
  recovery_codes_left: number;
  /** When the second factors are removed because they are lost. `null`: nobody asked for it. */
  removal_due_at: string | null;
}

/** The secret of a new authenticator app, which a code has to confirm. */
export interface TotpSetup {
  /** In base32, to type into the app. */
  secret: string;
  /** The same as an `otpauth:` address, for a QR code. */
  uri: string;
  /** In seconds. */
  expires_in: number;
}

/** Codes that replace a lost second factor. They are not shown again. */
export interface RecoveryCodes {
  recovery_codes: string[];
}

/** An account at an identity provider that signs the user in. */
export interface Identity {
  id: string;
  /** The id of the provider. */
  provider: string;
  /** The address there at the last sign-in, for people to recognize it. */
  email: string | null;
  linked_at: string;
  last_used_at: string | null;
}

export interface IdentityList {
  identities: Identity[];
}

/** Where to send the browser to link an identity. */
export interface IdentityLink {
  url: string;
}
