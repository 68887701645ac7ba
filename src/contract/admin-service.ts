import type { Result } from "../result.ts";
import type { ApiKeyList, ApiKeyOwner, ApiKeyWithSecret, NewApiKey } from "./api-keys.ts";
import type { AccountEventList, EventFeed, EventType } from "./events.ts";
import type { IdentityList } from "./factors.ts";
import type { ClientChange, ClientList, ClientWithSecret, NewClient, OAuthClient } from "./oauth-client.ts";
import type { Account, AccountChange, AccountList, NewAccount } from "./user.ts";

export interface PageOptions {
  /** The `next_cursor` of the previous page. */
  cursor?: string | null | undefined;
  /** 50 by default, 100 at most. */
  limit?: number | null | undefined;
}

export interface UserQuery extends PageOptions {
  /** The beginning of an id, email address, phone number or username. */
  query?: string | null | undefined;
}

export interface EventQuery extends PageOptions {
  /** The id of the user. */
  id: string;
}

export interface EventFeedQuery {
  /** The `next` of the previous page, or a time in ISO 8601. The oldest event by default. */
  since?: string | null | undefined;
  /** How many events are read at most: 50 by default, 100 at most. */
  limit?: number | null | undefined;
  /** Leaves out events of other types. */
  types?: EventType[] | null | undefined;
}

/** The administrator who acts. Omit it for acts of the calling Worker itself. */
export interface ActBy {
  /** The id of a user who has the role `ADMIN_ROLE` or `owner`. */
  administrator: string;
  /** 1 to 500 characters. The event stores it, and the user sees it. */
  reason: string;
}

/** A user who may administer. */
export interface Administrator {
  id: string;
  username: string | null;
  display_name: string;
  email: string | null;
  roles: string[];
  /** `aal2` if the session was authenticated with two factors. */
  aal: "aal1" | "aal2";
  /** The account has a second factor. */
  has_factor: boolean;
  /** When a credential was last proven. ISO 8601 in UTC. */
  authenticated_at: string;
  /** A credential was proven within `REAUTHENTICATION_SECONDS`: enough for an act. */
  fresh: boolean;
  /** The language of the account. */
  locale: string | null;
}

/** A removal of second factors that waits. */
export interface FactorRemoval {
  /** ISO 8601 in UTC. */
  removal_due_at: string;
}

/** A message that could not be sent. */
export interface DeadMessage {
  id: string;
  /** What the message is for, such as `password-reset-link`. */
  kind: string;
  /** `null` if it is about no account, or about none anymore. */
  user_id: string | null;
  /** Why the last attempt failed, such as `resend_422_validation_error`. `null` if unknown. */
  reason: string | null;
  /** When it was given up. ISO 8601 in UTC. */
  created_at: string;
}

export interface DeadMessageList {
  dead_messages: DeadMessage[];
  /** Pass it as `cursor` to get the next page. `null` on the last page. */
  next_cursor: string | null;
}

/**
 * The methods of a binding to the entrypoint `AdminService`. Each returns a result.
 *
 * With `by`, an act is one of an administrator, and its events say so. It fails with `forbidden`,
 * and changes nothing, unless all of this holds at the moment of the change:
 * - The administrator is not disabled, and has the role `ADMIN_ROLE` or `owner`.
 * - The user concerned has neither role, or the administrator has `owner`.
 * - Nobody changes their own roles, and nobody disables or deletes themselves.
 * - Only an `owner` grants these roles, or creates or changes a first-party client or its keys.
 */
export interface AdminService {
  /**
   * Finds the user of the hosted pages, whose cookies are in these headers, and reads the account
   * from the database. Errors: `unauthenticated`, also if the access token has expired, which
   * `/session/renew?to=` replaces; `forbidden` without the role; `reauthentication_required` with
   * `acr` if the account has a second factor and the session was authenticated without it.
   */
  identifyAdministrator(headers: Headers): Promise<Result<Administrator>>;
  listUsers(page?: UserQuery | null): Promise<Result<AccountList>>;
  /** Also lists the events of a deleted account. */
  listEvents(page: EventQuery): Promise<Result<AccountEventList>>;
  /**
   * Lists the events of all accounts in the order in which they were committed. A reader that
   * continues with `next` gets each event once.
   */
  listAllEvents(query?: EventFeedQuery | null): Promise<Result<EventFeed>>;
  /**
   * Creates an account without a password. Its owner sets one by a link (`sendResetLink`) or a
   * code.
   */
  createUser(input: NewAccount, by?: ActBy | null): Promise<Result<Account>>;
  updateUser(id: string, change: AccountChange, by?: ActBy | null): Promise<Result<Account>>;
  /** Sets whether an address of the account counts as verified. */
  setVerified(id: string, address: string, verified: boolean, by?: ActBy | null): Promise<Result>;
  /** Replaces the roles of the user. */
  setRoles(id: string, roles: string[], by?: ActBy | null): Promise<Result>;
  disableUser(id: string, by?: ActBy | null): Promise<Result>;
  enableUser(id: string, by?: ActBy | null): Promise<Result>;
  deleteUser(id: string, by?: ActBy | null): Promise<Result>;
  /** Ends every session of the user. API keys stay: see `listApiKeys`. */
  endSessions(id: string, by?: ActBy | null): Promise<Result>;
  /**
   * Removes a password that another person may know, revokes the API keys and ends every session of
   * the user. The user sets a new one by a link (`sendResetLink`) or a code.
   */
  voidPassword(id: string, by?: ActBy | null): Promise<Result>;
  /**
   * Asks for the removal of the second factors of a user who lost them. They are removed after a
   * waiting time (`FACTOR_REMOVAL_DELAY_SECONDS`), in which the user, who is told, can cancel it.
   * Make sure that it is the user who asks: the password alone then signs in.
   */
  removeFactors(id: string, by?: ActBy | null): Promise<Result<FactorRemoval>>;
  /** Cancels a removal that has not happened yet. */
  cancelFactorRemoval(id: string, by?: ActBy | null): Promise<Result>;
  /** Lists the accounts at identity providers that sign the user in, oldest first. */
  listIdentities(id: string): Promise<Result<IdentityList>>;
  /**
   * Unlinks one of them, tells the user and ends every session. `last_credential` if nothing else
   * signs the user in.
   */
  unlinkIdentity(id: string, identityId: string, by?: ActBy | null): Promise<Result>;
  /** Sends a link to reset the password to the email address of the account. */
  sendResetLink(id: string, by?: ActBy | null): Promise<Result>;
  /** Lists the messages that could not be sent, newest first. */
  listDeadMessages(page?: PageOptions | null): Promise<Result<DeadMessageList>>;
  /**
   * Sends one of them again: its recipient gets a new link or code. `not_found` also while another
   * call sends it.
   */
  sendDeadMessage(id: string, by?: ActBy | null): Promise<Result>;
  /** Creates an OAuth client. Its secret is only in this answer. */
  createClient(client: NewClient, by?: ActBy | null): Promise<Result<ClientWithSecret>>;
  listClients(): Promise<Result<ClientList>>;
  getClient(clientId: string): Promise<Result<OAuthClient>>;
  /** Changes a client. If `first_party` changes, its sessions end. */
  updateClient(clientId: string, change: ClientChange, by?: ActBy | null): Promise<Result<OAuthClient>>;
  /** Gives a client a new secret. The one until now works for a day more. */
  rotateClientSecret(clientId: string, by?: ActBy | null): Promise<Result<ClientWithSecret>>;
  /** Deletes a client, and signs it out of every account. */
  deleteClient(clientId: string, by?: ActBy | null): Promise<Result>;
  /**
   * Creates an API key of a client that has the grant `client_credentials`. The key is only in this
   * answer.
   */
  createApiKey(input: NewApiKey & { client_id: string }, by?: ActBy | null): Promise<Result<ApiKeyWithSecret>>;
  /** Lists the API keys of a user or of a client, oldest first. */
  listApiKeys(owner: ApiKeyOwner): Promise<Result<ApiKeyList>>;
  /** Revokes an API key of anybody, for example one that leaked. */
  revokeApiKey(id: string, by?: ActBy | null): Promise<Result>;
}
