/**
 * The package `gatehouse/sdk`, for Workers and frontends that use the service.
 *
 * `requireAuth` and `authenticate` check access tokens in a Worker. `createAuthClient` calls the
 * HTTP API for one user. The types describe the wire and the service bindings. Token checks need
 * the keys of the issuer, from a binding or over the network. Nothing here stores tokens on disk;
 * an app can give the client a storage.
 */
// biome-ignore-all lint/performance/noBarrelFile: this file is the package's entry point.
export type { AdminService, PageOptions } from "../contract/admin-service.ts";
export type { AuthService, EndUser, Tier, VerifyOptions } from "../contract/auth-service.ts";
export type { AccessClaims } from "../contract/claims.ts";
export type { AccountEvent } from "../contract/events.ts";
export type { Identifiers } from "../contract/identifiers.ts";
export type { Profile } from "../contract/profile.ts";
export type { Registration } from "../contract/requests.ts";
export type { Session } from "../contract/session.ts";
export type { Tokens } from "../contract/tokens.ts";
export type { Account, User } from "../contract/user.ts";
export type { FieldCode, FieldError } from "../result.ts";
export { type AuthClient, type AuthClientOptions, createAuthClient } from "./auth-client.ts";
export { type Authentication, authenticate } from "./authenticate.ts";
export type { AuthOptions } from "./options.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export type { ClientResult, Failure } from "./request.ts";
export { requireAuth } from "./require-auth.ts";
export type { SessionState } from "./session-state.ts";
export type { TokenStorage } from "./token-store.ts";
