/** The `typ` of an access token: `at+jwt` (RFC 9068 §2.1), unless the service is set to `JWT`. */
export type AccessTokenType = "at+jwt" | "JWT";

/** The claims of an access token (RFC 9068 §2.2), which has no name, email address or phone. */
export interface AccessClaims {
  iss: string;
  aud: string;
  /**
   * The id of the user. In a token of the grant `client_credentials`, or of an API key of a
   * client, it is that of the client, the same as `client_id`: no user is behind it.
   */
  sub: string;
  /**
   * The id of the session. `client:` and the id of the client if no user is behind the token;
   * `key:` and the id of the API key if the token stands for one.
   */
  sid: string;
  jti: string;
  /**
   * Times are Unix seconds. `iat` is 30 seconds before the token was issued, because many verifiers
   * refuse a token that seems to come from the future.
   */
  iat: number;
  exp: number;
  /** When the user last proved a credential. A refresh changes `iat`, but not this. */
  auth_time: number;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** The authentication assurance level: `aal2` with two factors (NIST SP 800-63B). */
  acr: "aal1" | "aal2";
  /** The OAuth client; `gatehouse` for first-party sign-ins. */
  client_id: string;
  /** The OAuth scope, if one was granted. */
  scope?: string;
  email_verified: boolean;
  /** The roles that administrators assigned to the user (RFC 9068 §2.2.3.1). */
  roles: string[];
}
