/** Calls in which a user acts as an administrator: by whom, and on what. */
import { Context } from "hono";
import * as z from "zod/mini";
import type { ActBy } from "../../contract/admin-service.ts";
import type { Deps } from "../../deps.ts";
import { actBy, identifyAdministrator, type Target } from "../../features/admin/acting.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { currentSession } from "../../pages/session.ts";
import type { RpcCall } from "./handle-call.ts";

export type By = ActBy | null | undefined;

/** A call that changes something. */
export interface Change<Schema extends z.ZodMiniType, T> extends RpcCall<Schema, T> {
  /** Returns what it changes. */
  on: (input: z.output<Schema>) => Target;
}

export const newUser = ({ roles }: { roles: string[] }) => ({ roles });
export const user = ({ id }: { id: string }) => ({ user: id });
export const other = ({ id }: { id: string }) => ({ user: id, isOfOthers: true });
export const roles = ({ id, roles }: { id: string; roles: string[] }) => ({ user: id, roles, isOfOthers: true });
export const client = (input: { client_id?: string; first_party?: boolean | undefined }) => ({
  client: input.client_id,
  needsOwner: input.first_party,
});

/** Creates a call that makes a change, by an administrator if `by` is given. */
export const changeBy = <Schema extends z.ZodMiniType, T>(
  by: By,
  { act, on, ...call }: Change<Schema, T>,
): RpcCall<Schema, T> => ({
  ...call,
  act: (deps, input) =>
    by === undefined || by === null ? act(deps, input) : actBy(deps, by, on(input), (acting) => act(acting, input)),
});

/** Creates a call that finds the administrator whose cookies these headers have. */
export const identify = (headers: Headers) => ({
  schema: z.strictObject({ cookie: z.string() }),
  input: { cookie: headers instanceof Headers ? (headers.get("cookie") ?? "") : "" },
  act: async (deps: Deps, { cookie }: { cookie: string }) => {
    const c = new Context<AppEnv>(new Request(deps.config.ISSUER, { headers: { cookie } }));
    c.set("deps", deps);
    return identifyAdministrator(deps, await currentSession(c));
  },
});
