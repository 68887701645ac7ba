/** The acts on API keys and with them. */
import type { ByClient } from "./client-steps.ts";
import type { ClientName } from "./clients.ts";
import type { Person } from "./people.ts";
import type { ByToken } from "./steps.ts";

interface NewKey {
  scopes?: "few" | "all";
  /** In seconds. */
  expires?: number;
}

/** Names a key that the person has, newest first, or one that another person has. */
interface ByKey {
  key?: number;
  of?: Person;
}

export interface KeyActs {
  createKey: ByToken & NewKey & { prove: boolean; twice?: boolean };
  createClientKey: NewKey & { client: ClientName };
  /** Lists the keys of the account, or as an administrator those of the n-th key's owner. */
  listKeys: ByToken & ByKey & { asAdministrator?: boolean };
  revokeKey: ByToken & ByKey & { twice?: boolean };
  /** An administrator revokes a key of this person. */
  revokeAnyKey: ByKey & { of: Person };
  /** A service, or a client by introspection, gets a key; or the person exchanges it. */
  useKey: ByKey &
    ByClient & {
      by: "binding" | "exchange" | "introspection";
      /** The service accepts no keys. */
      unasked?: boolean;
      /** For the API of a resource; for an unknown one by an exchange. */
      resource?: boolean;
      /** Users must have a proven address. */
      strict?: boolean;
    };
  /** The same with the n-th newest token that a key was exchanged for. */
  useKeyToken: ByClient & {
    token?: number;
    by: "local" | "revocation" | "authoritative" | "introspection";
    unasked?: boolean;
    /** For another audience. */
    elsewhere?: boolean;
    strict?: boolean;
  };
  /** Sends a key, or a token of one, where browsers send theirs. */
  keyAtService: ByKey & {
    asToken?: boolean;
    what:
      | "me"
      | "keys"
      | "create"
      | "revoke"
      | "patch"
      | "password"
      | "delete"
      | "refresh"
      | "logout"
      | "userinfo"
      | "page";
  };
  /** Copies the keys of a person, and the tokens. */
  stealKeys: { from: "owner" | "user" };
  /** Gives the account, or the client, as many keys as it may have, but one. */
  fillKeys: ByToken & { client?: ClientName };
  /** Takes the grant `client_credentials` from a client, or gives it back. */
  changeGrants: { client: "machine" | "robot"; lose?: boolean };
}
