import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import type { AccessClaims } from "../crypto/access-token.ts";
import type { Deps } from "../deps.ts";
import { Login, login } from "../features/login/login.ts";
import { Logout, logout } from "../features/logout/logout.ts";
import {
  RequestReset,
  ResetByCode,
  ResetByLink,
  requestReset,
  resetByCode,
  resetByLink,
} from "../features/password-reset/password-reset.ts";
import { Refresh, refresh } from "../features/refresh/refresh.ts";
import { Register, register } from "../features/register/register.ts";
import { AnySession, endAnySession } from "../features/sessions/sessions.ts";
import { type PublicKeys, publicKeys, VerifyToken, verifyToken } from "../features/tokens/verify-token.ts";
import { getUser, getUsers, OneUser, SeveralUsers } from "../features/users/users.ts";
import { ResendCode, requestCode, Verify, verify } from "../features/verification/verification.ts";
import { bearerTokenOf } from "../http/bearer.ts";
import { err, ok, type Result } from "../result.ts";
import { type IssuedTokens, TokenText } from "../schemas/tokens.ts";
import type { User } from "../schemas/user.ts";
import { type BindingProps, type EndUser, handleCall, type RpcCall } from "./handle-call.ts";

/** No token of ours is longer. */
const MAX_TOKEN_LENGTH = 4096;

const Nothing = z.null();
const LogoutArguments = Logout.extend({ access_token: TokenText.optional() });

/** The service binding's door for the Workers of a team: what anybody may do over HTTP, and checking who calls. Answers
 *  results, never exceptions; what is given is parsed as a request's body is. */
export class AuthService extends WorkerEntrypoint<Env, BindingProps> {
  /** The claims of an access token. */
  verify(token: string, options: Omit<z.input<typeof VerifyToken>, "token"> = {}): Promise<Result<AccessClaims>> {
    return this.#act("verify", { schema: VerifyToken, input: { ...Object(options), token }, act: verifyToken });
  }

  /** The claims of the access token that a request bears. Give its headers: a request would take its body along. */
  async authenticate(
    request: Headers | Request,
    options: Omit<z.input<typeof VerifyToken>, "token"> = {},
  ): Promise<Result<AccessClaims>> {
    const headers = request instanceof Request ? request.headers : request;
    const authorization = headers instanceof Headers ? headers.get("authorization") : null;
    const token = bearerTokenOf(authorization ?? "");
    if (token === undefined || token.length > MAX_TOKEN_LENGTH) return err("unauthenticated");
    return this.#act("authenticate", { schema: VerifyToken, input: { ...Object(options), token }, act: verifyToken });
  }

  /** For who checks tokens without a call each. */
  keys(): Promise<Result<PublicKeys>> {
    return this.#act("keys", { schema: Nothing, input: null, act: publicKeys });
  }

  getUser(id: string): Promise<Result<User>> {
    return this.#act("getUser", { schema: OneUser, input: { id }, act: getUser });
  }

  /** At most a hundred. */
  getUsers(ids: string[]): Promise<Result<User[]>> {
    return this.#act("getUsers", { schema: SeveralUsers, input: { ids }, act: getUsers });
  }

  /** Ends this session, whosever it is. */
  revokeSession(sid: string): Promise<Result> {
    return this.#act("revokeSession", { schema: AnySession, input: { sid }, act: endAnySession });
  }

  register(input: z.input<typeof Register>, endUser?: EndUser): Promise<Result<User>> {
    return this.#act("register", { schema: Register, input, endUser, rateLimit: "registration", act: register });
  }

  login(input: z.input<typeof Login>, endUser?: EndUser): Promise<Result<IssuedTokens>> {
    return this.#act("login", { schema: Login, input, endUser, rateLimit: "credentials", act: login });
  }

  refresh(input: z.input<typeof Refresh>, endUser?: EndUser): Promise<Result<IssuedTokens>> {
    const act = (deps: Deps, { refresh_token }: z.infer<typeof Refresh>) => refresh(deps, refresh_token);
    return this.#act("refresh", { schema: Refresh, input, endUser, act });
  }

  logout(input: z.input<typeof LogoutArguments>, endUser?: EndUser): Promise<Result> {
    return this.#act("logout", { schema: LogoutArguments, input, endUser, act: logoutByToken });
  }

  forgotPassword(input: z.input<typeof RequestReset>, endUser?: EndUser): Promise<Result> {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-link", given);
    return this.#act("forgotPassword", { schema: RequestReset, input, endUser, rateLimit: "messages", act });
  }

  resetPassword(input: z.input<typeof ResetByLink>, endUser?: EndUser): Promise<Result> {
    return this.#act("resetPassword", {
      schema: ResetByLink,
      input,
      endUser,
      rateLimit: "credentials",
      act: resetByLink,
    });
  }

  requestReset(input: z.input<typeof RequestReset>, endUser?: EndUser): Promise<Result> {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-code", given);
    return this.#act("requestReset", { schema: RequestReset, input, endUser, rateLimit: "messages", act });
  }

  verifyReset(input: z.input<typeof ResetByCode>, endUser?: EndUser): Promise<Result> {
    return this.#act("verifyReset", {
      schema: ResetByCode,
      input,
      endUser,
      rateLimit: "credentials",
      act: resetByCode,
    });
  }

  verifyAddress(input: z.input<typeof Verify>, endUser?: EndUser): Promise<Result> {
    return this.#act("verifyAddress", { schema: Verify, input, endUser, rateLimit: "credentials", act: verify });
  }

  resendVerification(input: z.input<typeof ResendCode>, endUser?: EndUser): Promise<Result> {
    return this.#act("resendVerification", {
      schema: ResendCode,
      input,
      endUser,
      rateLimit: "messages",
      act: requestCode,
    });
  }

  #act<Schema extends z.ZodType, T>(name: string, call: Omit<RpcCall<Schema, T>, "name">): Promise<Result<T>> {
    return handleCall(this.env, this.ctx, { ...call, name: `AuthService.${name}` });
  }
}

async function logoutByToken(
  deps: Deps,
  { refresh_token, access_token, scope }: z.infer<typeof LogoutArguments>,
): Promise<Result> {
  const presented = { token: refresh_token, transport: "body" } as const;
  const ended = await logout(deps, { ...(refresh_token && { refresh_token: presented }), access_token, scope });
  return ended.ok ? ok() : ended;
}
