/**
 * The package `gatehouse-auth/client`, for web pages, apps and programs that act for one user.
 *
 * `createAuthClient` calls the HTTP API. It needs no other package. It stores no token on disk
 * unless the app gives it a storage.
 */
// biome-ignore-all lint/performance/noBarrelFile: this file is an entry point of the package.
export type { OwnEvent, OwnEventList, OwnEventQuery } from "../contract/events.ts";
export type {
  Factors,
  Identity,
  IdentityList,
  RecoveryCodes,
  SecondFactor,
  SecondFactorStep,
  TotpSetup,
} from "../contract/factors.ts";
export type { Grant, GrantList, Permission } from "../contract/grants.ts";
export type { Identifiers } from "../contract/identifiers.ts";
export type { Profile } from "../contract/profile.ts";
export type { Registration } from "../contract/requests.ts";
export type { Session, SessionClient, TrustedDevice, TrustedDeviceList } from "../contract/session.ts";
export type { User } from "../contract/user.ts";
export type { UserExport } from "../contract/user-export.ts";
export type { Passkey, PasskeyList } from "../contract/webauthn.ts";
export type { FieldCode, FieldError } from "../result.ts";
export { type AuthClient, type AuthClientOptions, createAuthClient } from "./auth-client.ts";
export type { ConfirmedTotp, EnrolledPasskey } from "./enrollment.ts";
export type { LinkProof, ReturnTo } from "./identities.ts";
export type { PasskeyCredentials } from "./passkey-prompt.ts";
export type { AddedPasskey, NewPasskey, PasskeyProof, PasskeySignIn } from "./passkeys.ts";
export type {
  ClientCode,
  ClientResult,
  EnrollmentRequired,
  Failure,
  OtherBrowser,
  SecondFactorRequired,
  SignInResult,
} from "./request.ts";
export type { SessionState } from "./session-state.ts";
export type { OnStepUp } from "./step-up.ts";
export type { StepUp } from "./step-up-challenge.ts";
export type { TokenStorage } from "./token-store.ts";
