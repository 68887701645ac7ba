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
import { actBy, identifyAdministrator, PageCookies, type Target } from "../../features/admin/acting.ts";
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
  listAccountEvents,
  listAccountIdentities,
  listAccounts,
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

type By = contract.ActBy | null | undefined;

interface Change<Schema extends z.ZodMiniType, T> extends RpcCall<Schema, T> {
  /** Returns what it changes. */
  on: (input: z.output<Schema>) => Target;
}

const oneUser = ({ id }: { id: string }) => ({ user: id });
const otherUser = ({ id }: { id: string }) => ({ user: id, isOfOthers: true });
const newRoles = ({ id, roles }: { id: string; roles: string[] }) => ({ user: id, roles, isOfOthers: true });
const ownClient = ({ client_id, first_party }: { client_id?: string; first_party?: boolean | undefined }) => ({
  client: client_id,
  needsOwner: first_party,
});

/**
 * The entrypoint for administration. A Worker that has this binding may administer every account.
 * No method returns or sets a password. `contract.AdminService` describes the methods.
 */
export class AdminService extends WorkerEntrypoint<Env, BindingProps> implements contract.AdminService {
  identifyAdministrator(headers: Headers) {
    const cookie = headers instanceof Headers ? (headers.get("cookie") ?? "") : "";
    return this.#act("identifyAdministrator", { schema: PageCookies, input: { cookie }, act: identifyAdministrator });
  }

  listUsers(page?: contract.UserQuery | null) {
    return this.#act("listUsers", { schema: UserPage, input: page ?? {}, act: listAccounts });
  }

  listEvents(page: contract.EventQuery) {
    return this.#act("listEvents", { schema: EventPage, input: page, act: listAccountEvents });
  }

  createUser(input: users.NewAccount, by?: By) {
    return this.#change("createUser", by, {
      schema: NewAccount,
      input,
      act: createAccount,
      on: ({ roles }) => ({ roles }),
    });
  }

  updateUser(id: string, change: users.AccountChange, by?: By) {
    return this.#change("updateUser", by, {
      schema: AccountChange,
      input: { ...change, id },
      act: changeAccount,
      on: oneUser,
    });
  }

  setVerified(id: string, address: string, verified: boolean, by?: By) {
    const input = { id, address, verified };
    return this.#change("setVerified", by, { schema: AddressState, input, act: markAddressVerified, on: oneUser });
  }

  disableUser(id: string, by?: By) {
    return this.#change("disableUser", by, { schema: OneAccount, input: { id }, act: disableAccount, on: otherUser });
  }

  enableUser(id: string, by?: By) {
    return this.#change("enableUser", by, { schema: OneAccount, input: { id }, act: enableAccount, on: oneUser });
  }

  setRoles(id: string, roles: string[], by?: By) {
    return this.#change("setRoles", by, {
      schema: AccountRoles,
      input: { id, roles },
      act: setAccountRoles,
      on: newRoles,
    });
  }

  deleteUser(id: string, by?: By) {
    return this.#change("deleteUser", by, { schema: OneAccount, input: { id }, act: deleteAccount, on: otherUser });
  }

  endSessions(id: string, by?: By) {
    return this.#change("endSessions", by, { schema: OneAccount, input: { id }, act: endAccountSessions, on: oneUser });
  }

  voidPassword(id: string, by?: By) {
    return this.#change("voidPassword", by, {
      schema: OneAccount,
      input: { id },
      act: voidAccountPassword,
      on: oneUser,
    });
  }

  removeFactors(id: string, by?: By) {
    return this.#change("removeFactors", by, {
      schema: OneAccount,
      input: { id },
      act: removeAccountFactors,
      on: oneUser,
    });
  }

  cancelFactorRemoval(id: string, by?: By) {
    return this.#change("cancelFactorRemoval", by, {
      schema: OneAccount,
      input: { id },
      act: keepAccountFactors,
      on: oneUser,
    });
  }

  listIdentities(id: string) {
    return this.#act("listIdentities", { schema: OneAccount, input: { id }, act: listAccountIdentities });
  }

  unlinkIdentity(id: string, identityId: string, by?: By) {
    const input = { id, identity_id: identityId };
    return this.#change("unlinkIdentity", by, {
      schema: IdentityOfAccount,
      input,
      act: unlinkAccountIdentity,
      on: oneUser,
    });
  }

  sendResetLink(id: string, by?: By) {
    return this.#change("sendResetLink", by, {
      schema: OneAccount,
      input: { id },
      act: sendAccountResetLink,
      on: oneUser,
    });
  }

  listDeadMessages(page?: contract.PageOptions | null) {
    return this.#act("listDeadMessages", { schema: DeadMessagePage, input: page ?? {}, act: allDeadMessages });
  }

  sendDeadMessage(id: string, by?: By) {
    return this.#change("sendDeadMessage", by, {
      schema: OneDeadMessage,
      input: { id },
      act: sendDeadMessage,
      on: () => ({}),
    });
  }

  createClient(client: clients.NewClient, by?: By) {
    return this.#change("createClient", by, { schema: NewClient, input: client, act: createClient, on: ownClient });
  }

  listClients() {
    return this.#act("listClients", { schema: z.strictObject({}), input: {}, act: allClients });
  }

  getClient(clientId: string) {
    return this.#act("getClient", { schema: OneClient, input: { client_id: clientId }, act: showClient });
  }

  updateClient(clientId: string, change: clients.ClientChange, by?: By) {
    const input = { ...change, client_id: clientId };
    return this.#change("updateClient", by, { schema: ClientChange, input, act: changeClient, on: ownClient });
  }

  rotateClientSecret(clientId: string, by?: By) {
    return this.#change("rotateClientSecret", by, {
      schema: OneClient,
      input: { client_id: clientId },
      act: rotateClientSecret,
      on: ownClient,
    });
  }

  deleteClient(clientId: string, by?: By) {
    return this.#change("deleteClient", by, {
      schema: OneClient,
      input: { client_id: clientId },
      act: removeClient,
      on: ownClient,
    });
  }

  createApiKey(input: keys.NewApiKey & { client_id: string }, by?: By) {
    return this.#change("createApiKey", by, { schema: NewClientApiKey, input, act: createClientApiKey, on: ownClient });
  }

  listApiKeys(owner: keys.ApiKeyOwner) {
    return this.#act("listApiKeys", { schema: OneOwner, input: owner, act: allApiKeys });
  }

  revokeApiKey(id: string, by?: By) {
    return this.#change("revokeApiKey", by, {
      schema: OneApiKey,
      input: { id },
      act: removeApiKey,
      on: ({ id: apiKey }) => ({ apiKey }),
    });
  }

  /** Performs a change, by an administrator if `by` is given. */
  #change<Schema extends z.ZodMiniType, T>(method: string, by: By, { act, on, ...call }: Change<Schema, T>) {
    return this.#act(method, {
      ...call,
      act: (deps, input) =>
        by === undefined || by === null ? act(deps, input) : actBy(deps, by, on(input), (acting) => act(acting, input)),
    });
  }

  #act<Schema extends z.ZodMiniType, T>(method: string, call: RpcCall<Schema, T>) {
    return handleCall(this.env, this.ctx, `AdminService.${method}`, call);
  }
}
