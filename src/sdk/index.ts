/**
 * The package `gatehouse-auth`, for Workers and other servers that check access tokens.
 *
 * `requireAuth` is middleware for Hono, `authenticate` does the same without it. Both need the keys
 * of the issuer, from a service binding or over the network. `protectedResource` and
 * `resourceMetadata` tell OAuth clients where to get tokens. The types describe the bindings.
 */
// biome-ignore-all lint/performance/noBarrelFile: this file is an entry point of the package.
export type { AdminService, PageOptions } from "../contract/admin-service.ts";
export type { AuthService, EndUser, Tier, VerifyOptions } from "../contract/auth-service.ts";
export type { AccessClaims, AccessTokenType } from "../contract/claims.ts";
export type { AccountEvent, FeedEvent } from "../contract/events.ts";
export type { Identifiers } from "../contract/identifiers.ts";
export type { Profile } from "../contract/profile.ts";
export type { Registration } from "../contract/requests.ts";
export type { Session } from "../contract/session.ts";
export type { Tokens } from "../contract/tokens.ts";
export type { Account, User } from "../contract/user.ts";
export { type Authentication, authenticate } from "./authenticate.ts";
export type { AuthOptions } from "./options.ts";
export { protectedResource, type ResourceOptions, resourceMetadata } from "./protected-resource.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { type AuthVariables, requireAuth } from "./require-auth.ts";
