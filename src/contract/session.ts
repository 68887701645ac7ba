/** The device that a user agent describes. `null` means that it does not say. */
export interface Device {
  browser: string | null;
  os: string | null;
  type: string | null;
}

/** A device that a user has used. Times are ISO 8601 in UTC. */
export interface UsedDevice {
  id: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  user_agent: string | null;
  device: Device;
  ip: string | null;
}

/** A session as its user sees it. */
export interface Session extends UsedDevice {
  /** True for the session that made the request. */
  current: boolean;
  /** The operator's app that has it. `null` for a browser, and for an app without a client. */
  client: SessionClient | null;
}

export interface SessionClient {
  id: string;
  name: string;
}

export interface SessionList {
  sessions: Session[];
}

/** A device on which a first factor alone signs in. */
export type TrustedDevice = UsedDevice;

export interface TrustedDeviceList {
  trusted_devices: TrustedDevice[];
}

/** The sessions that a logout ends: this one, all others of the user, or all of them. */
export type LogoutScope = "local" | "others" | "global";

/** Ends sessions of the user that the refresh token belongs to. */
export interface Logout {
  refresh_token?: string | null | undefined;
  /** `local` by default. */
  scope?: LogoutScope | null | undefined;
}

export interface RevocationQuery {
  /** The `next` of the previous page, or a time in ISO 8601. All by default. */
  since?: string | null | undefined;
}

/** A session whose access tokens verifiers have to refuse. */
export interface Revocation {
  /** The claim `sid` of the tokens. */
  sid: string;
  /** When the last of them has expired. ISO 8601 in UTC. */
  expires_at: string;
}

/** At most 1000 revocations, in the order in which they were committed. */
export interface RevocationFeed {
  revocations: Revocation[];
  /** Pass it as `since` to continue, now or later. */
  next: string;
  /** More revocations can be read now. */
  more: boolean;
}
