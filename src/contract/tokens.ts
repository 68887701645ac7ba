/** Where the refresh token travels: in the body, or in a cookie that scripts cannot read. */
export type Transport = "body" | "cookie";

/** Chooses the transport of a login over HTTP. A service binding always uses the body. */
export interface TransportField {
  transport?: Transport | null | undefined;
}

/** The response to a login or a refresh over HTTP (RFC 6749 §5.1). Lifetimes are in seconds. */
export interface TokenResponse {
  access_token: string;
  token_type: "bearer";
  expires_in: number;
  /** Absent if the response sets it as a cookie. */
  refresh_token?: string | undefined;
  refresh_expires_in: number;
  /**
   * Send it with the next sign-in on this device: strangers cannot lock the user out there. Absent
   * after a refresh, and if the response sets it as a cookie.
   */
  device_token?: string | undefined;
}

/** The result of a reset. Send the token with the next sign-in on this device. */
export interface DeviceTokenAnswer {
  device_token: string;
}

/** The token of a device on which the user signed in before. */
export interface DeviceField {
  device_token?: string | null | undefined;
}

/** Both tokens of a session. */
export interface Tokens extends TokenResponse {
  refresh_token: string;
}

export interface Refresh {
  refresh_token: string;
}
