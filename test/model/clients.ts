/** The clients of the model, and what the apps of people have got from the service. */
import { decodeJwt } from "jose";
import { DEVICE_GRANT, type NewClient } from "../../src/contract/oauth-client.ts";
import { decodeRefreshToken } from "../../src/crypto/tokens.ts";
import { CALLBACK } from "../support/oauth.ts";
import { type Allowed, scopesIn } from "./client-rows.ts";
import type { Held } from "./model.ts";
import { PEOPLE, type Person } from "./people.ts";
import type { LiveSession } from "./snapshot.ts";

/** One of the operator, two of others, and two that have only themselves as users. */
const REGISTRATIONS = {
  own: { first_party: true },
  other: {},
  public: {
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token", DEVICE_GRANT],
  },
  machine: { first_party: true, redirect_uris: [], grant_types: ["client_credentials"] },
  robot: { redirect_uris: [], grant_types: ["client_credentials"] },
} as const satisfies Record<string, Partial<NewClient>>;
export type ClientName = keyof typeof REGISTRATIONS;

export const registrationOf = (name: ClientName) => ({
  client_name: name,
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: [CALLBACK],
  ...REGISTRATIONS[name],
});

export const RESOURCE = "https://notes.example/mcp";
/** The settings of the service. */
export const CLIENT_SETTINGS = {
  OAUTH_RESOURCES: RESOURCE,
  OAUTH_SCOPES: JSON.stringify([
    { name: "notes:read", description: { en: "Read notes" } },
    { name: "notes:write", description: { en: "Write notes" } },
  ]),
  API_KEYS: "on",
};
const SCOPES = {
  few: "openid",
  some: "openid email offline_access account",
  all: "openid profile email phone offline_access account notes:read",
};
export const scopeOf = (size: keyof typeof SCOPES = "some") => SCOPES[size];
/** The scopes of a client after an administrator took some. */
export const NARROW = ["openid", "email", "notes:write"];

/** A registered client, with its secrets, newest first. */
export interface Client {
  id: string;
  name: ClientName;
  secrets: { text: string /** Unix milliseconds. */; endsAt: number }[];
}

/** A code on its way to a client. */
export interface Code {
  text: string;
  digest: string;
  verifier: string;
  client: Client;
}

/** The codes of a device. */
export interface Device {
  client: Client;
  deviceCode: string;
  digest: string;
  userCode: string;
  scopes: string[];
  resource: string | null;
}

/** The tokens of a client. Those of a client itself name it as their user. */
export interface AppTokens extends Omit<Held, "authenticatedAt"> {
  client: Client;
  idToken: string | undefined;
  allowed: Allowed;
}

/** A page that asks whether a client may have what it asks for. */
export interface OpenPage {
  fields: Record<"form_id" | "request" | "user", string>;
  verifier: string;
  client: Client;
  allowed: Allowed;
}

/** What an act of a client, or for one, came to. */
export interface AppAct {
  /** Why it must not succeed. Undefined if it may. */
  flaw?: string | undefined;
  isAccepted: boolean;
  /** It changes nothing even if it succeeds. */
  isReading?: boolean;
  /** What a user allows a client in answer to a question. */
  allows?: Allowed | undefined;
  /** The tokens that it returned. */
  issued?: AppTokens[];
  /** The user revokes all that this client may do. */
  revokes?: { userId: string; clientId: string } | undefined;
  /** The client that an administrator deletes. */
  deletes?: string;
}

interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
}

/** Reads the answer of the token endpoint. */
export function readTokens(
  answer: TokenAnswer,
  { client, allowed, isCopy, step }: Pick<AppTokens, "client" | "allowed" | "isCopy" | "step">,
): AppTokens {
  const { access_token: access, refresh_token = "", id_token: idToken } = answer;
  const { exp = 0, sub: userId = "", sid: sessionId } = decodeJwt<{ sid: string }>(access);
  const { generation, expiresAt } = decodeRefreshToken(refresh_token) ?? { generation: 0, expiresAt: exp };
  const tokens = { access, refresh: refresh_token, idToken, userId, sessionId, generation };
  return {
    ...tokens,
    accessExpiresAt: exp * 1000,
    refreshExpiresAt: expiresAt * 1000,
    client,
    allowed,
    isCopy,
    step,
  };
}

const lists = <T>() => Object.fromEntries(PEOPLE.map((person) => [person, []])) as unknown as Record<Person, T[]>;

export const createApps = () => {
  const tokens = lists<AppTokens>();

  return {
    /** The present client of each name. */
    clients: new Map<ClientName, Client>(),
    /** All newest first. */
    tokens,
    codes: lists<Code>(),
    devices: lists<Device>(),
    pages: new Map<Person, OpenPage>(),
    /** What users allowed by a code or a device code, by its digest. */
    allowed: new Map<string, Allowed[]>(),
    /** The sessions that each code has opened, by its digest. */
    opened: new Map<string, Set<string>>(),

    allow(digest: string, allowed: Allowed) {
      this.allowed.set(digest, [...(this.allowed.get(digest) ?? []), allowed]);
    },

    countOpened(digest: string, sessionId: string) {
      this.opened.set(digest, (this.opened.get(digest) ?? new Set()).add(sessionId));
    },

    /** The tokens that these numbers pick, newest first. */
    pick(person: Person, { app = 0, age = 0 }: { app?: number; age?: number }): AppTokens | undefined {
      const ids = [...new Set(tokens[person].map(({ sessionId }) => sessionId))];
      return tokens[person].filter(({ sessionId }) => sessionId === ids[app % ids.length])[age];
    },
  };
};

/** Tests whether tokens are those of a client itself. */
export const isMachine = ({ userId, client }: AppTokens): boolean => userId === client.id;

/** Sessions that this client has with this user. */
export const sessionsOfGrant =
  ({ userId, clientId }: { userId: string; clientId: string }) =>
  (session: LiveSession): boolean =>
    session.userId === userId && session.clientId === clientId;

/** What a session of a client may do. */
export const allowedIn = ({ userId, clientId, scope, resource }: LiveSession): Allowed => ({
  userId,
  clientId: clientId ?? "",
  scopes: scopesIn(scope),
  resource,
});
