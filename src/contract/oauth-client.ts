/** How a client authenticates at the token endpoint (RFC 7591 §2). `none` is a public client. */
export const CLIENT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** The grant of devices without a browser (RFC 8628 §3.4). */
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** The grants that a client can have. */
export const GRANT_TYPES = ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** The scopes of OpenID Connect (Core §5.4, §11) that the service has. */
export const STANDARD_SCOPES = ["openid", "profile", "email", "phone", "offline_access"] as const;

/** The scope that opens the account API, `/users/me`. Only clients of the operator can have it. */
export const ACCOUNT_SCOPE = "account";

/** A public key of a client (RFC 7517): EC P-256, Ed25519, or RSA of at least 2048 bits. */
export interface ClientJwk {
  kty: "EC" | "OKP" | "RSA";
  /** Names the key in the header of a JWT. */
  kid?: string | undefined;
  alg?: string | undefined;
  use?: string | undefined;
  key_ops?: string[] | undefined;
  ext?: boolean | undefined;
  crv?: string | undefined;
  x?: string | undefined;
  y?: string | undefined;
  n?: string | undefined;
  e?: string | undefined;
}

/** The fields of a client that an administrator sets. */
interface ClientFields {
  /** Shown to users, at most 60 characters. */
  client_name: string;
  /**
   * Where the browser returns to: https URLs, loopback URLs with any port, or URLs of a private
   * scheme such as `com.example.app:/callback`. They are compared exactly.
   */
  redirect_uris: string[];
  /** Where the browser may return to after a sign-out, spelled and compared likewise. */
  post_logout_redirect_uris: string[];
  /** Default: `authorization_code` and `refresh_token`. */
  grant_types: GrantType[];
  /** The scopes that the client may ask for. `null`, the default, is all. */
  scopes: string[] | null;
  /** The client belongs to the operator: users are not asked for consent. Default: false. */
  first_party: boolean;
  /** The public keys of a client that authenticates by `private_key_jwt`, at most 10. */
  jwks: { keys: ClientJwk[] } | null;
}

/** A new client. */
export type NewClient = Pick<ClientFields, "client_name"> & {
  [Name in Exclude<keyof ClientFields, "client_name">]?: ClientFields[Name] | null | undefined;
} & {
  /** `none` for apps that cannot keep a secret. Default: `client_secret_basic`. */
  token_endpoint_auth_method?: ClientAuthMethod | null | undefined;
};

/** Missing fields stay as they are. */
export type ClientChange = { [Name in keyof ClientFields]?: ClientFields[Name] | null | undefined };

/** An OAuth client (RFC 7591 §2, and `first_party`, `scopes`, `created_at`). */
export interface OAuthClient extends ClientFields {
  client_id: string;
  token_endpoint_auth_method: ClientAuthMethod;
  /** When a secret that was replaced stops to be valid. `null` if there is none. */
  old_secret_expires_at: string | null;
  /** ISO 8601 in UTC. */
  created_at: string;
}

/** A client with its secret, which is shown once. */
export interface ClientWithSecret extends OAuthClient {
  /** Absent for a public client. */
  client_secret?: string;
}

export interface ClientList {
  clients: OAuthClient[];
}
