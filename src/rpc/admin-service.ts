import { WorkerEntrypoint } from "cloudflare:workers";
import type * as z from "zod";
import {
  type Account,
  type AccountEvent,
  AccountRoles,
  deleteAccount,
  disableAccount,
  EventPage,
  enableAccount,
  endAccountSessions,
  listAccountEvents,
  listAccounts,
  OneAccount,
  sendAccountResetLink,
  setAccountRoles,
  UserPage,
} from "../features/administration/administration.ts";
import type { Result } from "../result.ts";
import { type Call, type Props, perform } from "./perform.ts";

/** The service binding's door for who administers accounts: an entrypoint of its own, so that to be bound to it is to be
 *  allowed to. Nothing here shows or sets a password. Answers results, never exceptions. */
export class AdminService extends WorkerEntrypoint<Env, Props> {
  listUsers(page: z.input<typeof UserPage> = {}): Promise<Result<{ users: Account[]; next_cursor: string | null }>> {
    return this.#act("listUsers", { schema: UserPage, input: page, act: listAccounts });
  }

  listEvents(page: z.input<typeof EventPage>): Promise<Result<{ events: AccountEvent[]; next_cursor: string | null }>> {
    return this.#act("listEvents", { schema: EventPage, input: page, act: listAccountEvents });
  }

  disableUser(id: string): Promise<Result> {
    return this.#act("disableUser", { schema: OneAccount, input: { id }, act: disableAccount });
  }

  enableUser(id: string): Promise<Result> {
    return this.#act("enableUser", { schema: OneAccount, input: { id }, act: enableAccount });
  }

  /** Instead of those that the user has. */
  setRoles(id: string, roles: string[]): Promise<Result> {
    return this.#act("setRoles", { schema: AccountRoles, input: { id, roles }, act: setAccountRoles });
  }

  deleteUser(id: string): Promise<Result> {
    return this.#act("deleteUser", { schema: OneAccount, input: { id }, act: deleteAccount });
  }

  endSessions(id: string): Promise<Result> {
    return this.#act("endSessions", { schema: OneAccount, input: { id }, act: endAccountSessions });
  }

  sendResetLink(id: string): Promise<Result> {
    return this.#act("sendResetLink", { schema: OneAccount, input: { id }, act: sendAccountResetLink });
  }

  #act<Schema extends z.ZodType, T>(name: string, call: Omit<Call<Schema, T>, "name">): Promise<Result<T>> {
    return perform(this.env, this.ctx, { ...call, name: `AdminService.${name}` });
  }
}
