import type { JWK } from "jose";
import type { AccessClaims } from "../crypto/access-token.ts";
import type { Result } from "../result.ts";
import type {
  Account,
  AccountEvent,
  Credentials,
  GivenCode,
  Identifiers,
  LogoutScope,
  MessageRequest,
  Profile,
  Registration,
  ResetByCode,
  ResetByLink,
  Tokens,
  User,
} from "./wire.ts";

/** How much is asked of a token: `local`, its signature and time; `revocation`, that its session is not known as ended (a
 *  minute late at most); `authoritative`, what the database says now, of the user's roles too. */
export type Tier = "local" | "revocation" | "authoritative";

export interface VerifyOptions {
  /** Whom the token has to be for, instead of the service's own audience. */
  audience?: string | undefined;
  /** `revocation` unless given. */
  tier?: Tier | undefined;
}

/** Who stands behind a call. Without `ip` no limit by address holds. */
export interface EndUser {
  ip?: string | undefined;
  user_agent?: string | undefined;
  accept_language?: string | undefined;
}

/** What a binding to the entrypoint `AuthService` can do. Everything answers results; what throws is the binding itself. */
export interface AuthService {
  verify(token: string, options?: VerifyOptions): Promise<Result<AccessClaims>>;
  authenticate(request: Headers, options?: VerifyOptions): Promise<Result<AccessClaims>>;
  keys(): Promise<Result<{ issuer: string; audience: string; keys: JWK[] }>>;
  getUser(id: string): Promise<Result<User>>;
  /** At most a hundred; who does not exist is left out. */
  getUsers(ids: string[]): Promise<Result<User[]>>;
  revokeSession(sid: string): Promise<Result>;
  register(input: Registration, endUser?: EndUser): Promise<Result<User>>;
  login(input: Credentials, endUser?: EndUser): Promise<Result<Tokens>>;
  refresh(input: { refresh_token: string }, endUser?: EndUser): Promise<Result<Tokens>>;
  logout(
    input: { refresh_token?: string | undefined; access_token?: string | undefined; scope?: LogoutScope | undefined },
    endUser?: EndUser,
  ): Promise<Result>;
  forgotPassword(input: MessageRequest, endUser?: EndUser): Promise<Result>;
  resetPassword(input: ResetByLink, endUser?: EndUser): Promise<Result>;
  requestReset(input: MessageRequest, endUser?: EndUser): Promise<Result>;
  verifyReset(input: ResetByCode, endUser?: EndUser): Promise<Result>;
  verifyAddress(input: GivenCode, endUser?: EndUser): Promise<Result>;
  resendVerification(input: MessageRequest, endUser?: EndUser): Promise<Result>;
}

export interface PageOptions {
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  /** 50 unless given, 100 at most. */
  limit?: number | undefined;
}

/** What a binding to the entrypoint `AdminService` can do. */
export interface AdminService {
  /** `query` is what an id, an address or a username begins with. */
  listUsers(
    page?: PageOptions & { query?: string | undefined },
  ): Promise<Result<{ users: Account[]; next_cursor: string | null }>>;
  listEvents(
    page: PageOptions & { id: string },
  ): Promise<Result<{ events: AccountEvent[]; next_cursor: string | null }>>;
  /** Without a password: its owner sets one by a mailed link (`sendResetLink`) or a code. */
  createUser(input: Identifiers & Profile & { roles?: string[] | undefined }): Promise<Result<Account>>;
  updateUser(
    id: string,
    change: Profile & { email?: string | undefined; phone?: string | undefined; username?: string | null | undefined },
  ): Promise<Result<Account>>;
  setVerified(id: string, address: string, verified: boolean): Promise<Result>;
  setRoles(id: string, roles: string[]): Promise<Result>;
  disableUser(id: string): Promise<Result>;
  enableUser(id: string): Promise<Result>;
  deleteUser(id: string): Promise<Result>;
  endSessions(id: string): Promise<Result>;
  sendResetLink(id: string): Promise<Result>;
}
