/** The acts of clients and of their users. */
import type { ClientName } from "./clients.ts";
import type { Person } from "./people.ts";
import type { ByToken } from "./steps.ts";

/** Names the tokens of a client that a person has an app of, as `ByToken` does: newest first. */
export interface ByApp {
  app?: number;
  age?: number;
}

/** The client that makes a request. By default the one that should. */
export interface ByClient {
  as?: ClientName;
  /** The secret before the last rotation, or a wrong one. */
  secret?: "old" | "wrong";
}

/** What a client asks for. By default some of what it may have. */
interface Asking {
  scopes?: "few" | "all";
  /** For an API of the team. */
  resource?: boolean;
}

export interface ClientActs {
  /** Registers a client, also one that was deleted. */
  registerClient: { client: ClientName };
  deleteClient: { client: ClientName };
  rotateSecret: { client: ClientName };
  /** Takes scopes from a client, or gives them back. */
  changeScopes: { client: ClientName; narrow?: boolean };
  /** Opens a request of a client in a browser. Allows what a page asks for, unless `half`. */
  authorize: ByToken &
    Asking & {
      client: ClientName;
      deny?: boolean;
      /** Leaves the page open. */
      half?: boolean;
      /** Shows no page. */
      quiet?: boolean;
      /** The cookies of the browser are the newest tokens of a client. */
      inApp?: boolean;
    };
  /** Answers the page that was left open, also in the browser of another session. */
  answerConsent: ByToken & { deny?: boolean };
  /** Exchanges the n-th newest code of the person; one of another person without its verifier. */
  exchange: ByClient & { code?: number; of?: Person; wrong?: boolean; twice?: boolean };
  refreshApp: ByApp & ByClient & { twice?: boolean; scopes?: "few" | "all" };
  introspect: ByApp & ByClient & { by: "access" | "refresh" };
  revokeApp: ByApp & ByClient & { by: "access" | "refresh" };
  userinfo: ByApp;
  /** Uses a token of a client where browsers use theirs. */
  atService: ByApp & { what: "me" | "sessions" | "patch" | "password" | "endSessions" | "refresh" | "logout" };
  /** Signs out with an ID token, and answers the page that may ask. */
  leaveApp: ByApp & ByToken & { stay?: boolean; of?: Person };
  startDevice: Asking & ByClient & { client: ClientName; times?: number };
  /** Answers the n-th newest device of the person or of another one. */
  answerDevice: ByToken & { device?: number; of?: Person; deny?: boolean; inApp?: boolean };
  /** Exchanges the n-th newest device code, or sends it as that of a browser. */
  poll: ByClient & { device?: number; twice?: boolean; asCode?: boolean };
  revokeGrant: ByToken & { client: ClientName };
  /** Gets a token for a client itself. */
  getMachineToken: ByClient & { client: ClientName; scopes?: "few" | "all" };
  /** Signs in to a client as often as no user does. */
  fillSessions: ByToken & { client: ClientName };
  /** Copies the tokens of an app. */
  stealFromApp: ByApp & { from: "owner" | "user" };
}
