import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod/mini";
import type * as contract from "../../contract/admin-service.ts";
import type * as keys from "../../contract/api-keys.ts";
import type * as clients from "../../contract/oauth-client.ts";
import type * as users from "../../contract/user.ts";
import {
  AccountChange,
  AddressState,
  changeAccount,
  createAccount,
  markAddressVerified,
  NewAccount,
} from "../../features/admin/accounts.ts";
import {
  AccountRoles,
  deleteAccount,
  disableAccount,
  enableAccount,
  endAccountSessions,
  IdentityOfAccount,
  keepAccountFactors,
  OneAccount,
  removeAccountFactors,
  sendAccountResetLink,
  setAccountRoles,
  unlinkAccountIdentity,
  voidAccountPassword,
} from "../../features/admin/admin.ts";
import * as dead from "../../features/admin/dead-messages.ts";
import {
  EventPage,
  FeedPage,
  listAccountEvents,
  listAccountIdentities,
  listAccounts,
  listFeedEvents,
  UserPage,
} from "../../features/admin/lists.ts";
import * as apiKeys from "../../features/api-keys/api-keys.ts";
import * as oauth from "../../features/oauth/clients.ts";
import * as on from "./administrators.ts";
import { type BindingProps, handleCall, type RpcCall } from "./handle-call.ts";

/**
 * The entrypoint for administration. A Worker that has this binding may administer every account.
 * No method returns or sets a password. `contract.AdminService` describes the methods.
 */
export class AdminService extends WorkerEntrypoint<Env, BindingProps> implements contract.AdminService {
  identifyAdministrator(headers: Headers) {
    return this.#act("identifyAdministrator", on.identify(headers));
  }

  listUsers(page?: contract.UserQuery | null) {
    return this.#act("listUsers", { schema: UserPage, input: page ?? {}, act: listAccounts });
  }

  listEvents(page: contract.EventQuery) {
    return this.#act("listEvents", { schema: EventPage, input: page, act: listAccountEvents });
  }

  listAllEvents(query?: contract.EventFeedQuery | null) {
    return this.#act("listAllEvents", { schema: FeedPage, input: query ?? {}, act: listFeedEvents });
  }

  createUser(input: users.NewAccount, by?: on.By) {
    return this.#change("createUser", by, { schema: NewAccount, input, act: createAccount, on: on.newUser });
  }

  updateUser(id: string, change: users.AccountChange, by?: on.By) {
    return this.#change("updateUser", by, {
      schema: AccountChange,
      input: { ...change, id },
      act: changeAccount,
      on: on.user,
    });
  }

  setVerified(id: string, address: string, verified: boolean, by?: on.By) {
    const input = { id, address, verified };
    return this.#change("setVerified", by, { schema: AddressState, input, act: markAddressVerified, on: on.user });
  }

  disableUser(id: string, by?: on.By) {
    return this.#change("disableUser", by, { schema: OneAccount, input: { id }, act: disableAccount, on: on.other });
  }

  enableUser(id: string, by?: on.By) {
    return this.#change("enableUser", by, { schema: OneAccount, input: { id }, act: enableAccount, on: on.user });
  }

  setRoles(id: string, roles: string[], by?: on.By) {
    return this.#change("setRoles", by, {
      schema: AccountRoles,
      input: { id, roles },
      act: setAccountRoles,
      on: on.roles,
    });
  }

  deleteUser(id: string, by?: on.By) {
    return this.#change("deleteUser", by, { schema: OneAccount, input: { id }, act: deleteAccount, on: on.other });
  }

  endSessions(id: string, by?: on.By) {
    return this.#change("endSessions", by, { schema: OneAccount, input: { id }, act: endAccountSessions, on: on.user });
  }

  voidPassword(id: string, by?: on.By) {
    return this.#change("voidPassword", by, {
      schema: OneAccount,
      input: { id },
      act: voidAccountPassword,
      on: on.user,
    });
  }

  removeFactors(id: string, by?: on.By) {
    return this.#change("removeFactors", by, {
      schema: OneAccount,
      input: { id },
      act: removeAccountFactors,
      on: on.user,
    });
  }

  cancelFactorRemoval(id: string, by?: on.By) {
    return this.#change("cancelFactorRemoval", by, {
      schema: OneAccount,
      input: { id },
      act: keepAccountFactors,
      on: on.user,
    });
  }

  listIdentities(id: string) {
    return this.#act("listIdentities", { schema: OneAccount, input: { id }, act: listAccountIdentities });
  }

  unlinkIdentity(id: string, identityId: string, by?: on.By) {
    const input = { id, identity_id: identityId };
    return this.#change("unlinkIdentity", by, {
      schema: IdentityOfAccount,
      input,
      act: unlinkAccountIdentity,
      on: on.user,
    });
  }

  sendResetLink(id: string, by?: on.By) {
    return this.#change("sendResetLink", by, {
      schema: OneAccount,
      input: { id },
      act: sendAccountResetLink,
      on: on.user,
    });
  }

  listDeadMessages(page?: contract.PageOptions | null) {
    const input = page ?? {};
    return this.#act("listDeadMessages", { schema: dead.DeadMessagePage, input, act: dead.allDeadMessages });
  }

  sendDeadMessage(id: string, by?: on.By) {
    return this.#change("sendDeadMessage", by, {
      schema: dead.OneDeadMessage,
      input: { id },
      act: dead.sendDeadMessage,
      on: () => ({}),
    });
  }

  createClient(client: clients.NewClient, by?: on.By) {
    return this.#change("createClient", by, {
      schema: oauth.NewClient,
      input: client,
      act: oauth.createClient,
      on: on.client,
    });
  }

  listClients() {
    return this.#act("listClients", { schema: z.strictObject({}), input: {}, act: oauth.allClients });
  }

  getClient(clientId: string) {
    return this.#act("getClient", { schema: oauth.OneClient, input: { client_id: clientId }, act: oauth.showClient });
  }

  updateClient(clientId: string, change: clients.ClientChange, by?: on.By) {
    const input = { ...change, client_id: clientId };
    return this.#change("updateClient", by, {
      schema: oauth.ClientChange,
      input,
      act: oauth.changeClient,
      on: on.client,
    });
  }

  rotateClientSecret(clientId: string, by?: on.By) {
    return this.#change("rotateClientSecret", by, {
      schema: oauth.OneClient,
      input: { client_id: clientId },
      act: oauth.rotateClientSecret,
      on: on.client,
    });
  }

  deleteClient(clientId: string, by?: on.By) {
    return this.#change("deleteClient", by, {
      schema: oauth.OneClient,
      input: { client_id: clientId },
      act: oauth.removeClient,
      on: on.client,
    });
  }

  createApiKey(input: keys.NewApiKey & { client_id: string }, by?: on.By) {
    return this.#change("createApiKey", by, {
      schema: apiKeys.NewClientApiKey,
      input,
      act: apiKeys.createClientApiKey,
      on: on.client,
    });
  }

  listApiKeys(owner: keys.ApiKeyOwner) {
    return this.#act("listApiKeys", { schema: apiKeys.OneOwner, input: owner, act: apiKeys.allApiKeys });
  }

  revokeApiKey(id: string, by?: on.By) {
    return this.#change("revokeApiKey", by, {
      schema: apiKeys.OneApiKey,
      input: { id },
      act: apiKeys.removeApiKey,
      on: ({ id: apiKey }) => ({ apiKey }),
    });
  }

  /** Performs a change, by an administrator if `by` is given. */
  #change<Schema extends z.ZodMiniType, T>(method: string, by: on.By, change: on.Change<Schema, T>) {
    return this.#act(method, on.changeBy(by, change));
  }

  #act<Schema extends z.ZodMiniType, T>(method: string, call: RpcCall<Schema, T>) {
    return handleCall(this.env, this.ctx, `AdminService.${method}`, call);
  }
}
