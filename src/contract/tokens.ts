/** Where the refresh token travels: in the body, or in a cookie that scripts cannot read. */
export type Transport = "body" | "cookie";

/** Chooses the transport of a login over HTTP. A service binding always uses the body. */
export interface TransportField {
  transport?: Transport | undefined;
}

/** The response to a login or a refresh over HTTP (RFC 6749 §5.1). Lifetimes are in seconds. */
export interface TokenResponse {
  access_token: string;
  token_type: "bearer";
  expires_in: number;
  /** Absent if the response sets it as a cookie. */
  refresh_token?: string | undefined;
  refresh_expires_in: number;
}

/** Both tokens of a session. */
export interface Tokens extends TokenResponse {
  refresh_token: string;
}

export interface Refresh {
  refresh_token: string;
}
