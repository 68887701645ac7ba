/**
 * The contract: every type that crosses the wire, declared once.
 *
 * Schemas check at compile time that they match it, the RPC classes implement its services, and
 * `gatehouse-auth` exports it. It has no code except the list of event types, and it does not
 * validate anything: limits and formats are in the schemas.
 */
import type { Result } from "../result.ts";
import type { AccessClaims, AccessTokenType } from "./claims.ts";
import type { RecoveryCodes, TotpSetup } from "./factors.ts";
import type {
  CodeLogin,
  Enrollment,
  Login,
  PasskeyEnrollment,
  PasskeyLogin,
  RegisterOptions,
  Registration,
  ResetByCode,
  ResetByLink,
  SecondFactorOptions,
  SecondFactorProof,
  SecretRequest,
  TotpEnrollment,
  VerifyAddress,
} from "./requests.ts";
import type { Logout, RevocationFeed, RevocationQuery } from "./session.ts";
import type { DeviceTokenAnswer, Refresh, Tokens } from "./tokens.ts";
import type { RegisteredUser, User } from "./user.ts";
import type { AuthenticationOptionsJSON, RegistrationOptionsJSON } from "./webauthn.ts";

/**
 * How thoroughly a token is checked. `local` checks the signature and the time. `revocation` also
 * checks that the session is not known to have ended, up to a minute late. `authoritative` asks
 * the database, which also returns the current roles.
 */
export type Tier = "local" | "revocation" | "authoritative";

export interface VerifyOptions {
  /** The audience that the token must have. Default: the audience of the service. */
  audience?: string | null | undefined;
  /** `revocation` by default. */
  tier?: Tier | null | undefined;
  /**
   * Also accepts an API key, and a token that was exchanged for one. `false` by default: check the
   * scope of the claims, which is all that limits a key.
   */
  apiKeys?: boolean | null | undefined;
}

/** The end user behind a call. Rate limits by network address need `ip`. */
export interface EndUser {
  /** The value of `CF-Connecting-IP`. Anything else than an address is refused. */
  ip?: string | null | undefined;
  user_agent?: string | null | undefined;
  accept_language?: string | null | undefined;
}

/** Takes either token. The refresh token decides if both are given. */
export interface LogoutByToken extends Logout {
  access_token?: string | null | undefined;
}

/** A public key (RFC 7517). */
export interface PublicJwk {
  kty?: string;
  kid?: string;
  alg?: string;
  use?: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** Everything needed to check access tokens without a call to the service. */
export interface PublicKeys {
  issuer: string;
  /** The audience of tokens by default. */
  audience: string;
  /** The `typ` of tokens. */
  typ: AccessTokenType;
  /** Every key verifies tokens. */
  keys: PublicJwk[];
}

/**
 * The methods of a binding to the entrypoint `AuthService`. Each returns a result; only the
 * binding itself throws.
 */
export interface AuthService {
  verify(token: string, options?: VerifyOptions | null): Promise<Result<AccessClaims>>;
  /** Verifies the access token in the `Authorization` header. */
  authenticate(request: Headers, options?: VerifyOptions | null): Promise<Result<AccessClaims>>;
  keys(): Promise<Result<PublicKeys>>;
  getUser(id: string): Promise<Result<User>>;
  /** Takes at most 100 ids and returns the users that exist, in no particular order. */
  getUsers(ids: string[]): Promise<Result<User[]>>;
  revokeSession(sid: string): Promise<Result>;
  /**
   * Lists the sessions that ended, in the order in which that was committed, while access tokens of
   * them may still be valid. Also lists revoked API keys and deleted clients, by the `sid` of their
   * tokens.
   */
  revocations(query?: RevocationQuery | null): Promise<Result<RevocationFeed>>;
  /** Options for `navigator.credentials.create()`, to register with a passkey. */
  registerOptions(input: RegisterOptions): Promise<Result<RegistrationOptionsJSON>>;
  register(input: Registration, endUser?: EndUser | null): Promise<Result<RegisteredUser>>;
  login(input: Login, endUser?: EndUser | null): Promise<Result<Tokens>>;
  /** Sends a code to sign in. Its link signs in no browser, as none asked: it shows the code. */
  requestLoginCode(input: SecretRequest, endUser?: EndUser | null): Promise<Result>;
  loginByCode(input: CodeLogin, endUser?: EndUser | null): Promise<Result<Tokens>>;
  /** Options for `navigator.credentials.get()`, to sign in with a passkey. */
  passkeyOptions(): Promise<Result<AuthenticationOptionsJSON>>;
  passkeyLogin(input: PasskeyLogin, endUser?: EndUser | null): Promise<Result<Tokens>>;
  /** Options for `navigator.credentials.get()`, for the second step. */
  secondFactorOptions(input: SecondFactorOptions, endUser?: EndUser | null): Promise<Result<AuthenticationOptionsJSON>>;
  /** The second step, after a login that failed with `second_factor_required`. */
  secondFactor(input: SecondFactorProof, endUser?: EndUser | null): Promise<Result<Tokens>>;
  /** Creates the secret of an app, after a login that failed with `enrollment_required`. */
  enrollTotp(input: Enrollment, endUser?: EndUser | null): Promise<Result<TotpSetup>>;
  /** Adds the app and opens the session. */
  confirmTotp(input: TotpEnrollment, endUser?: EndUser | null): Promise<Result<Tokens & RecoveryCodes>>;
  /** Options for `navigator.credentials.create()`, after `enrollment_required`. */
  enrollmentOptions(input: Enrollment, endUser?: EndUser | null): Promise<Result<RegistrationOptionsJSON>>;
  /** Adds the passkey and opens the session. */
  enrollPasskey(input: PasskeyEnrollment, endUser?: EndUser | null): Promise<Result<Tokens & RecoveryCodes>>;
  refresh(input: Refresh, endUser?: EndUser | null): Promise<Result<Tokens>>;
  logout(input: LogoutByToken, endUser?: EndUser | null): Promise<Result>;
  /** Sends a link to reset the password. */
  forgotPassword(input: SecretRequest, endUser?: EndUser | null): Promise<Result>;
  resetPassword(input: ResetByLink, endUser?: EndUser | null): Promise<Result<DeviceTokenAnswer>>;
  /** Sends a code to reset the password. */
  requestReset(input: SecretRequest, endUser?: EndUser | null): Promise<Result>;
  verifyReset(input: ResetByCode, endUser?: EndUser | null): Promise<Result<DeviceTokenAnswer>>;
  verifyAddress(input: VerifyAddress, endUser?: EndUser | null): Promise<Result>;
  resendVerification(input: SecretRequest, endUser?: EndUser | null): Promise<Result>;
}
