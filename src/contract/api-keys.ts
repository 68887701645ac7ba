/** An API key, without the key itself. Times are ISO 8601 in UTC. */
export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  /** `null` if it does not expire. */
  expires_at: string | null;
  /** Up to a minute late. `null` if it was never used. */
  last_used_at: string | null;
}

/** The answer to its creation, the only one with the key. */
export interface ApiKeyWithSecret extends ApiKey {
  key: string;
}

export interface ApiKeyList {
  api_keys: ApiKey[];
}

/** An API key to create. */
export interface NewApiKey {
  name: string;
  /** At least one of `OAUTH_SCOPES`. */
  scopes: string[];
  /** In seconds. Default: it does not expire. */
  expires_in?: number | null | undefined;
}

/** The creation by the user of a session, who may have to prove it. */
export interface NewOwnApiKey extends NewApiKey {
  password?: string | null | undefined;
}

/** Who has an API key: a user, or an OAuth client. Exactly one of the two. */
export interface ApiKeyOwner {
  user_id?: string | null | undefined;
  client_id?: string | null | undefined;
}

/** An API key to exchange for an access token. */
export interface ApiKeyExchange {
  api_key: string;
  /** The API that the token is for, one of `OAUTH_RESOURCES`. */
  resource: string;
}

/** The access token of an API key (RFC 6749 §5.1). There is no refresh token: exchange it again. */
export interface ApiKeyToken {
  access_token: string;
  token_type: "bearer";
  /** In seconds. */
  expires_in: number;
  scope: string;
}
