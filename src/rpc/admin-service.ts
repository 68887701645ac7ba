import { WorkerEntrypoint } from "cloudflare:workers";
import type * as z from "zod";
import {
  type Account,
  AccountChange,
  AddressState,
  changeAccount,
  createAccount,
  markAddressVerified,
  NewAccount,
} from "../features/admin/accounts.ts";
import {
  AccountRoles,
  deleteAccount,
  disableAccount,
  enableAccount,
  endAccountSessions,
  OneAccount,
  sendAccountResetLink,
  setAccountRoles,
} from "../features/admin/admin.ts";
import { type AccountEvent, EventPage, listAccountEvents, listAccounts, UserPage } from "../features/admin/lists.ts";
import type { Result } from "../result.ts";
import { type BindingProps, handleCall, type RpcCall } from "./handle-call.ts";

/** The service binding's door for who administers accounts: an entrypoint of its own, so that to be bound to it is to be
 *  allowed to. Nothing here shows or sets a password. Answers results, never exceptions. */
export class AdminService extends WorkerEntrypoint<Env, BindingProps> {
  listUsers(page: z.input<typeof UserPage> = {}): Promise<Result<{ users: Account[]; next_cursor: string | null }>> {
    return this.#act("listUsers", { schema: UserPage, input: page, act: listAccounts });
  }

  listEvents(page: z.input<typeof EventPage>): Promise<Result<{ events: AccountEvent[]; next_cursor: string | null }>> {
    return this.#act("listEvents", { schema: EventPage, input: page, act: listAccountEvents });
  }

  /** Without a password: its owner sets one by a mailed link (`sendResetLink`) or a code. */
  createUser(input: z.input<typeof NewAccount>): Promise<Result<Account>> {
    return this.#act("createUser", { schema: NewAccount, input, act: createAccount });
  }

  updateUser(id: string, change: Omit<z.input<typeof AccountChange>, "id">): Promise<Result<Account>> {
    return this.#act("updateUser", { schema: AccountChange, input: { ...Object(change), id }, act: changeAccount });
  }

  /** `address` is one that the account has. */
  setVerified(id: string, address: string, verified: boolean): Promise<Result> {
    return this.#act("setVerified", {
      schema: AddressState,
      input: { id, address, verified },
      act: markAddressVerified,
    });
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

  #act<Schema extends z.ZodType, T>(name: string, call: Omit<RpcCall<Schema, T>, "name">): Promise<Result<T>> {
    return handleCall(this.env, this.ctx, { ...call, name: `AdminService.${name}` });
  }
}
