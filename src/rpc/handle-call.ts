import * as z from "zod";
import { createDeps, type Deps } from "../deps.ts";
import { failureOf } from "../entrypoints/thrown.ts";
import { errors } from "../errors.ts";
import type { RateLimitName } from "../http/operation.ts";
import { checkRateLimit } from "../http/rate-limit.ts";
import { requestContextOf } from "../http/request-context.ts";
import { logMisconfigured, logRequest } from "../log.ts";
import type { Result } from "../result.ts";
import { parseArgument } from "../schemas/argument.ts";

/** Who stands behind a call: what the request that the calling Worker answers bears in its headers. */
export const EndUser = z.strictObject({
  /** `CF-Connecting-IP`. Without it no limit by address holds. */
  ip: z.string().max(64).optional(),
  user_agent: z.string().optional(),
  accept_language: z.string().optional(),
});
export type EndUser = z.infer<typeof EndUser>;

/** What a binding says of the Worker that has it, under `props` in that Worker's settings. */
export interface BindingProps {
  caller?: unknown;
}

/** One call of a method. */
export interface RpcCall<Schema extends z.ZodType, T> {
  /** As in `AuthService.login`. */
  name: string;
  schema: Schema;
  input: unknown;
  endUser?: unknown;
  rateLimit?: RateLimitName;
  act: (deps: Deps, input: z.output<Schema>) => Promise<Result<T>>;
}

/** Performs an act for another Worker: parses what is given as a request's body is, and answers a result, whatever happens. */
export async function handleCall<Schema extends z.ZodType, T>(
  env: Env,
  context: ExecutionContext<BindingProps>,
  call: RpcCall<Schema, T>,
): Promise<Result<T>> {
  const startedAt = Date.now();
  const result = await attempt(env, context, call).catch(failureOf);
  const [status, code] = result.ok ? [200, undefined] : [errors[result.code].status, result.code];
  logRequest({ method: "RPC", route: call.name, status, ms: Date.now() - startedAt, code, ray: undefined });
  return result;
}

async function attempt<Schema extends z.ZodType, T>(
  env: Env,
  context: ExecutionContext<BindingProps>,
  { schema, input, endUser = {}, rateLimit, act }: RpcCall<Schema, T>,
): Promise<Result<T>> {
  const who = parseArgument(EndUser, endUser);
  if (!who.ok) return who;
  const { ip, user_agent, accept_language } = who.value;
  const headers: Record<string, string | undefined> = {
    "cf-connecting-ip": ip,
    "user-agent": user_agent,
    "accept-language": accept_language,
  };
  const { caller } = context.props ?? {};
  const requestContext = {
    ...requestContextOf((name) => headers[name]),
    caller: typeof caller === "string" ? caller : "unnamed",
  };
  const deps = await createDeps(env, context, requestContext);
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return deps;
  }

  const refused = rateLimit && (await checkRateLimit(env, deps.value.requestContext.ip, rateLimit));
  if (refused) return refused;
  const parsed = parseArgument(schema, input);
  return parsed.ok ? act(deps.value, parsed.value) : parsed;
}
