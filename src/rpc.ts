import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import type { AccessClaims } from "./crypto/tokens.ts";
import { createDeps, type Deps } from "./deps.ts";
import { errors } from "./errors.ts";
import { failureOf } from "./failure.ts";
import { Login, login } from "./features/login/login.ts";
import {
  RequestReset,
  ResetByCode,
  ResetByLink,
  requestReset,
  resetByCode,
  resetByLink,
} from "./features/password-reset/password-reset.ts";
import { Register, register } from "./features/register/register.ts";
import { AnySession, Logout, logout, revokeAnySession } from "./features/sessions/sessions.ts";
import { Refresh, refresh } from "./features/tokens/tokens.ts";
import { VerifyToken, verifyToken } from "./features/tokens/verify.ts";
import { getUser, getUsers, OneUser, SeveralUsers } from "./features/users/users.ts";
import { ResendCode, requestCode, Verify, verify } from "./features/verification/verification.ts";
import { bearerTokenOf } from "./http/bearer.ts";
import { clientOf } from "./http/client.ts";
import { refuseTooMany } from "./http/limit.ts";
import type { Limit } from "./http/operation.ts";
import { logMisconfigured, logRequest } from "./log.ts";
import { ok, type Result } from "./result.ts";
import { parseArgument } from "./schemas/argument.ts";
import { type IssuedTokens, TokenText } from "./schemas/tokens.ts";
import type { User } from "./schemas/user.ts";

/** Who stands behind a call: what the request that the calling Worker answers bears in its headers. */
const Caller = z.strictObject({
  /** `CF-Connecting-IP`. Without it no limit by address holds. */
  ip: z.string().max(64).optional(),
  user_agent: z.string().optional(),
  accept_language: z.string().optional(),
});
type Caller = z.infer<typeof Caller>;

const LogoutArguments = Logout.extend({ access_token: TokenText.optional() });

/** The service binding's door for the Workers of a team: what anybody may do over HTTP, and checking who calls. Answers
 *  results, never exceptions; what is given is parsed as a request's body is. */
export class AuthService extends WorkerEntrypoint<Env> {
  /** The claims of an access token. */
  verify(token: string, options: Omit<z.input<typeof VerifyToken>, "token"> = {}): Promise<Result<AccessClaims>> {
    return this.#act("verify", { schema: VerifyToken, input: { ...Object(options), token }, act: verifyToken });
  }

  /** The claims of the access token that a request bears. */
  authenticate(
    request: Request,
    options: Omit<z.input<typeof VerifyToken>, "token"> = {},
  ): Promise<Result<AccessClaims>> {
    const authorization = request instanceof Request ? request.headers.get("authorization") : null;
    const input = { ...Object(options), token: bearerTokenOf(authorization ?? "") ?? "-" };
    return this.#act("authenticate", { schema: VerifyToken, input, act: verifyToken });
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
    return this.#act("revokeSession", { schema: AnySession, input: { sid }, act: revokeAnySession });
  }

  register(input: z.input<typeof Register>, caller?: Caller): Promise<Result<User>> {
    return this.#act("register", { schema: Register, input, caller, limit: "create", act: register });
  }

  login(input: z.input<typeof Login>, caller?: Caller): Promise<Result<IssuedTokens>> {
    return this.#act("login", { schema: Login, input, caller, limit: "guess", act: login });
  }

  refresh(input: z.input<typeof Refresh>, caller?: Caller): Promise<Result<IssuedTokens>> {
    const act = (deps: Deps, { refresh_token }: z.infer<typeof Refresh>) => refresh(deps, refresh_token);
    return this.#act("refresh", { schema: Refresh, input, caller, act });
  }

  logout(input: z.input<typeof LogoutArguments>, caller?: Caller): Promise<Result> {
    return this.#act("logout", { schema: LogoutArguments, input, caller, act: logoutByToken });
  }

  forgotPassword(input: z.input<typeof RequestReset>, caller?: Caller): Promise<Result> {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-link", given);
    return this.#act("forgotPassword", { schema: RequestReset, input, caller, limit: "send", act });
  }

  resetPassword(input: z.input<typeof ResetByLink>, caller?: Caller): Promise<Result> {
    return this.#act("resetPassword", { schema: ResetByLink, input, caller, limit: "guess", act: resetByLink });
  }

  requestReset(input: z.input<typeof RequestReset>, caller?: Caller): Promise<Result> {
    const act = (deps: Deps, given: z.infer<typeof RequestReset>) => requestReset(deps, "password-reset-code", given);
    return this.#act("requestReset", { schema: RequestReset, input, caller, limit: "send", act });
  }

  verifyReset(input: z.input<typeof ResetByCode>, caller?: Caller): Promise<Result> {
    return this.#act("verifyReset", { schema: ResetByCode, input, caller, limit: "guess", act: resetByCode });
  }

  verifyAddress(input: z.input<typeof Verify>, caller?: Caller): Promise<Result> {
    return this.#act("verifyAddress", { schema: Verify, input, caller, limit: "guess", act: verify });
  }

  resendVerification(input: z.input<typeof ResendCode>, caller?: Caller): Promise<Result> {
    return this.#act("resendVerification", { schema: ResendCode, input, caller, limit: "send", act: requestCode });
  }

  async #act<Schema extends z.ZodType, T>(name: string, call: Call<Schema, T>): Promise<Result<T>> {
    const startedAt = Date.now();
    const result = await perform(this.env, this.ctx, call).catch(failureOf);
    const [status, code] = result.ok ? [200, undefined] : [errors[result.code].status, result.code];
    logRequest({
      method: "RPC",
      route: `AuthService.${name}`,
      status,
      ms: Date.now() - startedAt,
      code,
      ray: undefined,
    });
    return result;
  }
}

interface Call<Schema extends z.ZodType, T> {
  schema: Schema;
  input: unknown;
  caller?: unknown;
  limit?: Limit;
  act: (deps: Deps, input: z.output<Schema>) => Promise<Result<T>>;
}

async function perform<Schema extends z.ZodType, T>(
  env: Env,
  context: ExecutionContext,
  { schema, input, caller = {}, limit, act }: Call<Schema, T>,
): Promise<Result<T>> {
  const who = parseArgument(Caller, caller);
  if (!who.ok) return who;
  const { ip, user_agent, accept_language } = who.value;
  const headers: Record<string, string | undefined> = {
    "cf-connecting-ip": ip,
    "user-agent": user_agent,
    "accept-language": accept_language,
  };
  const deps = await createDeps(
    env,
    context,
    clientOf((name) => headers[name]),
  );
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return deps;
  }

  const refused = limit && (await refuseTooMany(env, deps.value.client.ip, limit));
  if (refused) return refused;
  const parsed = parseArgument(schema, input);
  return parsed.ok ? act(deps.value, parsed.value) : parsed;
}

async function logoutByToken(
  deps: Deps,
  { refresh_token, access_token, scope }: z.infer<typeof LogoutArguments>,
): Promise<Result> {
  const presented = { token: refresh_token, transport: "body" } as const;
  const ended = await logout(deps, { ...(refresh_token && { refresh_token: presented }), access_token, scope });
  return ended.ok ? ok() : ended;
}
