/**
 * Performs one act for another Worker over a service binding.
 *
 * Every argument is parsed like a request body, whatever its type says: the other Worker may be
 * older, or written in JavaScript. The answer is always a result, never an exception. There is no
 * authorization here: a Worker that has a binding may call all of its methods.
 */
import * as z from "zod/mini";
import type * as contract from "../../contract/auth-service.ts";
import { createDeps, type Deps, type RateLimitName } from "../../deps.ts";
import { errors } from "../../errors.ts";
import { checkRateLimit } from "../../http/rate-limit.ts";
import { networkOf, requestContextOf } from "../../http/request-context.ts";
import { logMisconfigured, logRequest } from "../../log.ts";
import { measureRequest, metricsOf } from "../../metrics.ts";
import type { Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { parseArgument } from "../../schemas/parse.ts";
import { failureOf } from "../thrown.ts";

const EndUser = z.strictObject({
  // A text that is no address would have no rate limit.
  ip: optional(z.string().check(z.refine((ip) => networkOf(ip) !== null, "Must be an IP address."))),
  user_agent: optional(z.string()),
  accept_language: optional(z.string()),
} satisfies RequestFields<contract.EndUser>);

const MAX_CALLER_LENGTH = 64;

/** The properties of a binding: `props` in the settings of the Worker that has it. */
export interface BindingProps {
  /** The name of that Worker in audit events. */
  caller?: unknown;
}

/** A call of one method. */
export interface RpcCall<Schema extends z.ZodMiniType, T> {
  schema: Schema;
  input: z.input<Schema>;
  endUser?: contract.EndUser | null | undefined;
  rateLimit?: RateLimitName;
  act: (deps: Deps, input: z.output<Schema>) => Promise<Result<T>>;
}

/** Performs a call and logs it under `name`, such as `AuthService.login`. Never throws. */
export async function handleCall<Schema extends z.ZodMiniType, T>(
  env: Env,
  context: ExecutionContext<BindingProps>,
  name: string,
  call: RpcCall<Schema, T>,
): Promise<Result<T>> {
  const startedAt = Date.now();
  const result = await attempt(env, context, call).catch(failureOf);
  const [status, code] = result.ok ? [200, undefined] : [errors[result.code].status, result.code];
  const line = { method: "RPC", route: name, status, ms: Date.now() - startedAt, code, ray: undefined };
  logRequest(line);
  measureRequest(metricsOf(env), line);
  return result;
}

async function attempt<Schema extends z.ZodMiniType, T>(
  env: Env,
  context: ExecutionContext<BindingProps>,
  { schema, input, endUser, rateLimit, act }: RpcCall<Schema, T>,
): Promise<Result<T>> {
  const origin = parseArgument(EndUser, endUser ?? {});
  if (!origin.ok) return origin;
  const { ip, user_agent, accept_language } = origin.value;
  const headers: Record<string, string | undefined> = {
    "cf-connecting-ip": ip,
    "user-agent": user_agent,
    "accept-language": accept_language,
  };
  const { caller } = context.props ?? {};
  const requestContext = {
    ...requestContextOf((name) => headers[name]),
    caller: typeof caller === "string" ? caller.slice(0, MAX_CALLER_LENGTH) : "unnamed",
  };
  const deps = await createDeps(env, context, requestContext);
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return deps;
  }

  const refused = rateLimit && (await checkRateLimit(deps.value, rateLimit));
  if (refused) return refused;
  const parsed = parseArgument(schema, input);
  return parsed.ok ? act(deps.value, parsed.value) : parsed;
}
