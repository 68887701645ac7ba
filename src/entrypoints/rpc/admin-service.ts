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
import {
  allDeadMessages,
  DeadMessagePage,
  OneDeadMessage,
  sendDeadMessage,
} from "../../features/admin/dead-messages.ts";
import {
  EventPage,
  FeedPage,
  listAccountEvents,
  listAccountIdentities,
  listAccounts,
  listFeedEvents,
  UserPage,
} from "../../features/admin/lists.ts";
import {
  allApiKeys,
  createClientApiKey,
  NewClientApiKey,
  OneApiKey,
  OneOwner,
  removeApiKey,
} from "../../features/api-keys/api-keys.ts";
import {
  allClients,
  ClientChange,
  changeClient,
  createClient,
  NewClient,
  OneClient,
  removeClient,
  rotateClientSecret,
  showClient,
} from "../../features/oauth/clients.ts";
import { type BindingProps, handleCall, type RpcCall } from "./handle-call.ts";

/**
 * The entrypoint for administration. A Worker that has this binding may administer every account.
 * No method returns or sets a password. `contract.AdminService` describes the methods.
 */
export class AdminService extends WorkerEntrypoint<Env, BindingProps> implements contract.AdminService {
  listUsers(page?: contract.UserQuery | null) {
    return this.#act("listUsers", { schema: UserPage, input: page ?? {}, act: listAccounts });
  }

  listEvents(page: contract.EventQuery) {
    return this.#act("listEvents", { schema: EventPage, input: page, act: listAccountEvents });
  }

  listAllEvents(query?: contract.EventFeedQuery | null) {
    return this.#act("listAllEvents", { schema: FeedPage, input: query ?? {}, act: listFeedEvents });
  }

  createUser(input: users.NewAccount) {
    return this.#act("createUser", { schema: NewAccount, input, act: createAccount });
  }

  updateUser(id: string, change: users.AccountChange) {
    return this.#act("updateUser", { schema: AccountChange, input: { ...change, id }, act: changeAccount });
  }

  setVerified(id: string, address: string, verified: boolean) {
    const input = { id, address, verified };
    return this.#act("setVerified", { schema: AddressState, input, act: markAddressVerified });
  }

  disableUser(id: string) {
    return this.#act("disableUser", { schema: OneAccount, input: { id }, act: disableAccount });
  }

  enableUser(id: string) {
    return this.#act("enableUser", { schema: OneAccount, input: { id }, act: enableAccount });
  }

  setRoles(id: string, roles: string[]) {
    return this.#act("setRoles", { schema: AccountRoles, input: { id, roles }, act: setAccountRoles });
  }

  deleteUser(id: string) {
    return this.#act("deleteUser", { schema: OneAccount, input: { id }, act: deleteAccount });
  }

  endSessions(id: string) {
    return this.#act("endSessions", { schema: OneAccount, input: { id }, act: endAccountSessions });
  }

  voidPassword(id: string) {
    return this.#act("voidPassword", { schema: OneAccount, input: { id }, act: voidAccountPassword });
  }

  removeFactors(id: string) {
    return this.#act("removeFactors", { schema: OneAccount, input: { id }, act: removeAccountFactors });
  }

  cancelFactorRemoval(id: string) {
    return this.#act("cancelFactorRemoval", { schema: OneAccount, input: { id }, act: keepAccountFactors });
  }

  listIdentities(id: string) {
    return this.#act("listIdentities", { schema: OneAccount, input: { id }, act: listAccountIdentities });
  }

  unlinkIdentity(id: string, identityId: string) {
    const input = { id, identity_id: identityId };
    return this.#act("unlinkIdentity", { schema: IdentityOfAccount, input, act: unlinkAccountIdentity });
  }

  sendResetLink(id: string) {
    return this.#act("sendResetLink", { schema: OneAccount, input: { id }, act: sendAccountResetLink });
  }

  listDeadMessages(page?: contract.PageOptions | null) {
    return this.#act("listDeadMessages", { schema: DeadMessagePage, input: page ?? {}, act: allDeadMessages });
  }

  sendDeadMessage(id: string) {
    return this.#act("sendDeadMessage", { schema: OneDeadMessage, input: { id }, act: sendDeadMessage });
  }

  createClient(client: clients.NewClient) {
    return this.#act("createClient", { schema: NewClient, input: client, act: createClient });
  }

  listClients() {
    return this.#act("listClients", { schema: z.strictObject({}), input: {}, act: allClients });
  }

  getClient(clientId: string) {
    return this.#act("getClient", { schema: OneClient, input: { client_id: clientId }, act: showClient });
  }

  updateClient(clientId: string, change: clients.ClientChange) {
    const input = { ...change, client_id: clientId };
    return this.#act("updateClient", { schema: ClientChange, input, act: changeClient });
  }

  rotateClientSecret(clientId: string) {
    return this.#act("rotateClientSecret", {
      schema: OneClient,
      input: { client_id: clientId },
      act: rotateClientSecret,
    });
  }

  deleteClient(clientId: string) {
    return this.#act("deleteClient", { schema: OneClient, input: { client_id: clientId }, act: removeClient });
  }

  createApiKey(input: keys.NewApiKey & { client_id: string }) {
    return this.#act("createApiKey", { schema: NewClientApiKey, input, act: createClientApiKey });
  }

  listApiKeys(owner: keys.ApiKeyOwner) {
    return this.#act("listApiKeys", { schema: OneOwner, input: owner, act: allApiKeys });
  }

  revokeApiKey(id: string) {
    return this.#act("revokeApiKey", { schema: OneApiKey, input: { id }, act: removeApiKey });
  }

  #act<Schema extends z.ZodMiniType, T>(method: string, call: RpcCall<Schema, T>) {
    return handleCall(this.env, this.ctx, `AdminService.${method}`, call);
  }
}
