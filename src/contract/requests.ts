import type { AccountName, Identifiers } from "./identifiers.ts";
import type { Profile } from "./profile.ts";
import type { DeviceField } from "./tokens.ts";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "./webauthn.ts";

/**
 * The token of Turnstile's widget, if the service requires a captcha. The `action` of the widget is
 * `register`, `login` (also for a code that signs in), `reset` (links and codes for a new password)
 * or `verify` (another code).
 */
interface CaptchaField {
  turnstile_token?: string | null | undefined;
}

/**
 * A new account. It needs an email address or a phone number, and either a password or the passkey
 * that an authenticator created for options of this service.
 */
export interface Registration extends Identifiers, Profile, CaptchaField {
  password?: string | null | undefined;
  confirm_password?: string | null | undefined;
  credential?: RegistrationResponseJSON | null | undefined;
  /** Default: the name of the authenticator, if it is known. */
  passkey_name?: string | null | undefined;
}

/** Asks for the options of a passkey for a new account, which the browser shows under its name. */
export type RegisterOptions = Identifiers;

export type Login = AccountName & CaptchaField & DeviceField & { password: string };

/** Signs in with a mailed or texted code. */
export type CodeLogin = AccountName & DeviceField & { otp: string };

/** Signs in with a mailed link, in the browser that requested it. */
export interface LinkLogin extends DeviceField {
  token: string;
}

/** Requests a link or a code for an account. */
export type SecretRequest = AccountName & CaptchaField & DeviceField;

export type VerifyAddress = AccountName & DeviceField & { otp: string };

/** A password to set. `confirm_password`, if given, must be equal to it. */
export interface NewPassword {
  new_password: string;
  confirm_password?: string | null | undefined;
}

export interface ResetByLink extends NewPassword {
  token: string;
}

export type ResetByCode = AccountName & DeviceField & NewPassword & { otp: string };

/**
 * The current password, under either of its two names. A recently authenticated session needs none.
 */
export interface OldPassword {
  old_password?: string | null | undefined;
  current_password?: string | null | undefined;
}

export type ChangePassword = OldPassword & NewPassword;

/** Proves the user again. A recently authenticated session needs no password. */
interface Proof {
  password?: string | null | undefined;
}

/** A change of `username` or `contact` needs a proof. */
export interface ProfileChange extends Profile, Proof {
  username?: string | null | undefined;
}

/** Renews the authentication of a session. Takes one of the proofs. */
export interface Reauthenticate extends Proof {
  /** A code of an authenticator app, or a recovery code. */
  code?: string | null | undefined;
  credential?: AuthenticationResponseJSON | null | undefined;
  /** A code that was sent to a verified address. */
  otp?: string | null | undefined;
}

/** The second step of a sign-in. */
export interface SecondFactorProof extends DeviceField {
  login_token: string;
  /** A code of an authenticator app, or a recovery code. */
  code?: string | null | undefined;
  /** Or the response of a passkey. */
  credential?: AuthenticationResponseJSON | null | undefined;
  /** Ask for no second factor on this device, for `TRUSTED_DEVICE_DAYS`. */
  trust_device?: boolean | null | undefined;
}

/** Asks for the options of a passkey as the second step. */
export interface SecondFactorOptions {
  login_token: string;
}

/** Adds a second factor that the service requires, before the session opens. */
export interface Enrollment {
  login_token: string;
}

/** Confirms an authenticator app, which opens the session. */
export interface TotpEnrollment extends Enrollment, ConfirmTotp, DeviceField {}

/** Adds a passkey, which opens the session. */
export interface PasskeyEnrollment extends Enrollment, AddPasskey, DeviceField {}

export type StartTotp = Proof;

/** Confirms a new authenticator app by one of its codes. */
export interface ConfirmTotp {
  code: string;
}

export type RemoveTotp = Proof;

export type CreateRecoveryCodes = Proof;

export type PasskeyOptions = Proof;

/** Adds the passkey that an authenticator created for options of this service. */
export interface AddPasskey {
  credential: RegistrationResponseJSON;
  /** Default: the name of the authenticator, if it is known. */
  name?: string | null | undefined;
}

export interface RenamePasskey {
  name: string;
}

export type RemovePasskey = Proof;

export type RemovePassword = Proof;

/** Asks for the address that links an account at an identity provider. */
export interface LinkIdentity extends Proof {
  /** The id of the provider. */
  provider: string;
  /** Where the browser goes then: a page in `ALLOWED_ORIGINS`. Default: the account page. */
  return_to?: string | null | undefined;
}

export type UnlinkIdentity = Proof;

/** Signs in with a passkey alone. */
export interface PasskeyLogin extends DeviceField {
  credential: AuthenticationResponseJSON;
}

export interface ChangeEmail extends Proof {
  email: string;
}

export interface ChangePhone extends Proof {
  phone: string;
}

/** Confirms a new email address or phone number. */
export interface ConfirmAddress {
  otp: string;
}

export type RemoveAddress = Proof;

/** Removes an unproven address from an account, by the token of a link to that address. */
export interface ReleaseAddress {
  token: string;
}

export type DeleteAccount = Proof;
