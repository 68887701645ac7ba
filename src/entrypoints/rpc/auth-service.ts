import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod/mini";
import type * as contract from "../../contract/auth-service.ts";
import type * as requests from "../../contract/requests.ts";
import type * as sessions from "../../contract/session.ts";
import type * as tokens from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import {
  ConfirmTotpEnrollment,
  confirmEnrollment,
  Enroll,
  EnrollPasskey,
  enrollmentOptions,
  enrollPasskey,
  startEnrollment,
} from "../../features/login/enrollment.ts";
import { Login, login } from "../../features/login/login.ts";
import { CodeLogin, loginByCode, RequestLoginCode, requestLoginCode } from "../../features/login/login-code.ts";
import { PasskeyLogin, signInByPasskey, signInOptions } from "../../features/login/passkey.ts";
import {
  ProveSecondFactor,
  proveSecondFactor,
  SecondFactorOptions,
  secondFactorOptions,
} from "../../features/login/second-factor.ts";
import { Logout, logout } from "../../features/logout/logout.ts";
import {
  RequestReset,
  ResetByCode,
  ResetByLink,
  requestReset,
  resetByCode,
  resetByLink,
} from "../../features/password-reset/password-reset.ts";
import { Refresh, refresh } from "../../features/refresh/refresh.ts";
import { Register, RegisterOptions, register, registerOptions } from "../../features/register/register.ts";
import { AnySession, endAnySession } from "../../features/sessions/sessions.ts";
import { Revocations, revocations } from "../../features/tokens/revocations.ts";
import { publicKeys, VerifyToken, verifyToken } from "../../features/tokens/verify-token.ts";
import { getUser, getUsers, OneUser, SeveralUsers } from "../../features/users/users.ts";
import { ResendCode, requestCode, Verify, verify } from "../../features/verification/verification.ts";
import { bearerTokenOf } from "../../http/bearer.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { TokenText } from "../../schemas/tokens.ts";
import { type BindingProps, handleCall, type RpcCall } from "./handle-call.ts";

/** A token of this service is shorter than this limit. */
const MAX_TOKEN_LENGTH = 4096;

const Nothing = z.null();
const LogoutByToken = z.strictObject({
  ...Logout.shape,
  access_token: optional(TokenText),
} satisfies RequestFields<contract.LogoutByToken>);

/**
 * The entrypoint for the Workers of a team. It offers what anyone can do over HTTP, and token
 * checks. `contract.AuthService` describes the methods.
 */
export class AuthService extends WorkerEntrypoint<Env, BindingProps> implements contract.AuthService {
  verify(token: string, options?: contract.VerifyOptions | null) {
    return this.#act("verify", { schema: VerifyToken, input: { ...options, token }, act: verifyToken });
  }

  /** Also accepts a request, but pass its headers: a request transfers its body too. */
  async authenticate(request: Headers | Request, options?: contract.VerifyOptions | null) {
    const headers = request instanceof Request ? request.headers : request;
    const authorization = headers instanceof Headers ? headers.get("authorization") : null;
    const token = bearerTokenOf(authorization ?? "");
    if (token === undefined || token.length > MAX_TOKEN_LENGTH) return err("unauthenticated");
    return this.#act("authenticate", { schema: VerifyToken, input: { ...options, token }, act: verifyToken });
  }

  keys() {
    return this.#act("keys", { schema: Nothing, input: null, act: publicKeys });
  }

  getUser(id: string) {
    return this.#act("getUser", { schema: OneUser, input: { id }, act: getUser });
  }

  getUsers(ids: string[]) {
    return this.#act("getUsers", { schema: SeveralUsers, input: { ids }, act: getUsers });
  }

  revokeSession(sid: string) {
    return this.#act("revokeSession", { schema: AnySession, input: { sid }, act: endAnySession });
  }

  revocations(query?: sessions.RevocationQuery | null) {
    return this.#act("revocations", { schema: Revocations, input: query ?? {}, act: revocations });
  }

  registerOptions(input: requests.RegisterOptions) {
    return this.#act("registerOptions", { schema: RegisterOptions, input, act: registerOptions });
  }

  register(input: requests.Registration, endUser?: contract.EndUser | null) {
    return this.#act("register", { schema: Register, input, endUser, rateLimit: "registration", act: register });
  }

  login(input: requests.Login, endUser?: contract.EndUser | null) {
    return this.#act("login", { schema: Login, input, endUser, rateLimit: "credentials", act: login });
  }

  requestLoginCode(input: requests.SecretRequest, endUser?: contract.EndUser | null) {
    const act = (deps: Deps, given: z.infer<typeof RequestLoginCode>) => requestLoginCode(deps, given);
    return this.#act("requestLoginCode", { schema: RequestLoginCode, input, endUser, rateLimit: "messages", act });
  }

  loginByCode(input: requests.CodeLogin, endUser?: contract.EndUser | null) {
    const call = { schema: CodeLogin, input, endUser, rateLimit: "credentials", act: loginByCode } as const;
    return this.#act("loginByCode", call);
  }

  passkeyOptions() {
    return this.#act("passkeyOptions", { schema: Nothing, input: null, act: async (deps) => signInOptions(deps) });
  }

  passkeyLogin(input: requests.PasskeyLogin, endUser?: contract.EndUser | null) {
    const call = { schema: PasskeyLogin, input, endUser, rateLimit: "credentials", act: signInByPasskey } as const;
    return this.#act("passkeyLogin", call);
  }

  secondFactorOptions(input: requests.SecondFactorOptions, endUser?: contract.EndUser | null) {
    const call = {
      schema: SecondFactorOptions,
      input,
      endUser,
      rateLimit: "credentials",
      act: secondFactorOptions,
    } as const;
    return this.#act("secondFactorOptions", call);
  }

  secondFactor(input: requests.SecondFactorProof, endUser?: contract.EndUser | null) {
    const call = {
      schema: ProveSecondFactor,
      input,
      endUser,
      rateLimit: "credentials",
      act: proveSecondFactor,
    } as const;
    return this.#act("secondFactor", call);
  }

  enrollTotp(input: requests.Enrollment, endUser?: contract.EndUser | null) {
    const call = { schema: Enroll, input, endUser, rateLimit: "credentials", act: startEnrollment } as const;
    return this.#act("enrollTotp", call);
  }

  confirmTotp(input: requests.TotpEnrollment, endUser?: contract.EndUser | null) {
    const schema = ConfirmTotpEnrollment;
    const call = { schema, input, endUser, rateLimit: "credentials", act: confirmEnrollment } as const;
    return this.#act("confirmTotp", call);
  }

  enrollmentOptions(input: requests.Enrollment, endUser?: contract.EndUser | null) {
    const call = { schema: Enroll, input, endUser, rateLimit: "credentials", act: enrollmentOptions } as const;
    return this.#act("enrollmentOptions", call);
  }

  enrollPasskey(input: requests.PasskeyEnrollment, endUser?: contract.EndUser | null) {
    const call = { schema: EnrollPasskey, input, endUser, rateLimit: "credentials", act: enrollPasskey } as const;
    return this.#act("enrollPasskey", call);
  }

  refresh(input: tokens.Refresh, endUser?: contract.EndUser | null) {
    const act = (deps: Deps, { refresh_token }: z.infer<typeof Refresh>) => refresh(deps, refresh_token);
    return this.#act("refresh", { schema: Refresh, input, endUser, act });
  }

  logout(input: contract.LogoutByToken, endUser?: contract.EndUser | null) {
    return this.#act("logout", { schema: LogoutByToken, input, endUser, act: logoutByToken });
  }

  forgotPassword(input: requests.SecretRequest, endUser?: contract.EndUser | null) {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-link", given);
    return this.#act("forgotPassword", { schema: RequestReset, input, endUser, rateLimit: "messages", act });
  }

  resetPassword(input: requests.ResetByLink, endUser?: contract.EndUser | null) {
    const call = { schema: ResetByLink, input, endUser, rateLimit: "credentials", act: resetByLink } as const;
    return this.#act("resetPassword", call);
  }

  requestReset(input: requests.SecretRequest, endUser?: contract.EndUser | null) {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-code", given);
    return this.#act("requestReset", { schema: RequestReset, input, endUser, rateLimit: "messages", act });
  }

  verifyReset(input: requests.ResetByCode, endUser?: contract.EndUser | null) {
    const call = { schema: ResetByCode, input, endUser, rateLimit: "credentials", act: resetByCode } as const;
    return this.#act("verifyReset", call);
  }

  verifyAddress(input: requests.VerifyAddress, endUser?: contract.EndUser | null) {
    return this.#act("verifyAddress", { schema: Verify, input, endUser, rateLimit: "credentials", act: verify });
  }

  resendVerification(input: requests.SecretRequest, endUser?: contract.EndUser | null) {
    const call = { schema: ResendCode, input, endUser, rateLimit: "messages", act: requestCode } as const;
    return this.#act("resendVerification", call);
  }

  #act<Schema extends z.ZodMiniType, T>(method: string, call: RpcCall<Schema, T>) {
    return handleCall(this.env, this.ctx, `AuthService.${method}`, call);
  }
}

async function logoutByToken(
  deps: Deps,
  { refresh_token, access_token, scope }: z.infer<typeof LogoutByToken>,
): Promise<Result> {
  const received = { token: refresh_token, transport: "body" } as const;
  const ended = await logout(deps, { ...(refresh_token && { refresh_token: received }), access_token, scope });
  return ended.ok ? ok() : ended;
}
