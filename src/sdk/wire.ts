/** A user, as the service shows one. What is absent is null; times are ISO 8601 in UTC. */
export interface User {
  id: string;
  email: string | null;
  email_verified: boolean;
  phone: string | null;
  phone_verified: boolean;
  username: string | null;
  first_name: string | null;
  last_name: string | null;
  contact: "email" | "phone" | null;
  short_description: string | null;
  locale: string | null;
  roles: string[];
  created_at: string;
  updated_at: string;
}

/** A user, as an administrator sees one. */
export interface Account extends User {
  disabled_at: string | null;
}

/** The token pair of a session; lifetimes are seconds. */
export interface Tokens {
  access_token: string;
  token_type: "bearer";
  expires_in: number;
  refresh_token: string;
  refresh_expires_in: number;
}

export interface Session {
  id: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  user_agent: string | null;
  device: { browser: string | null; os: string | null; type: string | null };
  ip: string | null;
  current: boolean;
}

export interface AccountEvent {
  id: number;
  type: string;
  created_at: string;
  session_id: string | null;
  user_agent: string | null;
  ip: string | null;
  /** The Worker that it came through; null over HTTP. */
  caller: string | null;
}

/** What users tell about themselves; null empties a field. */
export interface Profile {
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  /** Which address is written to first. */
  contact?: "email" | "phone" | null | undefined;
  /** BCP 47. */
  locale?: string | null | undefined;
  short_description?: string | null | undefined;
}

export interface Identifiers {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  username?: string | null | undefined;
}

/** What Turnstile's widget gave, where the service asks for it. */
interface CaptchaField {
  turnstile_token?: string | undefined;
}

/** Names an account by one of its identifiers: `identifier` is told apart by its shape. */
export type Named = { identifier: string } | { email: string } | { phone: string } | { username: string };

/** An e-mail address or a phone number has to be among them. */
export interface Registration extends Identifiers, Profile, CaptchaField {
  password: string;
  confirm_password?: string | null | undefined;
}

export type Credentials = Named & CaptchaField & { password: string };

export type MessageRequest = Named & CaptchaField;

export interface NewPassword {
  new_password: string;
  confirm_password?: string | null | undefined;
}

export interface ResetByLink extends NewPassword {
  token: string;
}

export type ResetByCode = Named & NewPassword & { otp: string };

export type GivenCode = Named & { otp: string };

export type LogoutScope = "local" | "others" | "global";
