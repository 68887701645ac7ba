// biome-ignore-all lint/performance/noBarrelFile: what the package `gatehouse/sdk` is.
export type { AccessClaims } from "../crypto/access-token.ts";
export { type AuthClient, type AuthClientOptions, createAuthClient } from "./auth-client.ts";
export { type Authentication, type AuthOptions, authenticate } from "./authenticate.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export type { ClientResult, Failure } from "./request.ts";
export { requireAuth } from "./require-auth.ts";
export type { AdminService, AuthService, EndUser, PageOptions, Tier, VerifyOptions } from "./services.ts";
export type { Account, AccountEvent, Identifiers, Profile, Registration, Session, Tokens, User } from "./wire.ts";
