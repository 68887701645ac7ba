/**
 * The data that the examples of the API reference and the tests share. Only `openapi.ts` files and
 * tests import it, so the bundle does not contain it.
 */
import type * as contract from "../contract/session.ts";
import type { TokenResponse } from "../contract/tokens.ts";
import type { User } from "../contract/user.ts";

/** The identifiers of Jane. */
export const JANE = { email: "jane.doe@example.com", phone: "+12025550123", username: "janedoe" };
/** Jane's password. */
export const PASSWORD = "correct-horse-7";
/** An acceptable password that differs from `PASSWORD`. */
export const FRESH_PASSWORD = "brand-new-horse-8";
export const NEW_EMAIL = "new@example.com";
export const NEW_PHONE = "+12025550144";
export const OTP = "123456";
/** The token of a link. */
export const LINK_TOKEN = "Zm9yLWRvY3VtZW50YXRpb24tb25seS1ub3QtcmVhbC0";

export const USER: User = {
  id: "0b9c2f6e-6d0f-4f0e-9a43-2f4b8b0c7d11",
  ...JANE,
  email_verified: true,
  phone_verified: false,
  first_name: "Jane",
  last_name: "Doe",
  contact: "email",
  short_description: "Gardener.",
  locale: "en-GB",
  roles: ["editor"],
  created_at: "2026-11-02T09:30:00.000Z",
  updated_at: "2026-11-20T17:05:12.000Z",
};

/** Jane just after she registered. */
export const NEW_USER: User = {
  ...USER,
  email_verified: false,
  phone: null,
  contact: null,
  short_description: null,
  roles: [],
  updated_at: USER.created_at,
};

/** The tokens after a refresh. */
export const REFRESHED: TokenResponse = {
  access_token: "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.payload.signature",
  token_type: "bearer",
  expires_in: 900,
  refresh_token: "v1.session.generation.signature",
  refresh_expires_in: 604_800,
};
/** The tokens after a sign-in. */
export const SIGNED_IN: TokenResponse = { ...REFRESHED, device_token: "v1.device.signature" };

const DEVICE: contract.Device = { browser: "Firefox", os: "Linux", type: "desktop" };
/** Where a request came from. */
export const REQUEST_CONTEXT = {
  user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  device: DEVICE,
  ip: "198.51.100.7",
};

export const SESSION: contract.Session = {
  id: "5f0f7d0e-93d4-4a39-8c53-6c7f3d1c2b90",
  created_at: "2026-11-20T08:00:00.000Z",
  last_used_at: "2026-11-20T17:05:12.000Z",
  expires_at: "2026-11-27T17:05:12.000Z",
  ...REQUEST_CONTEXT,
  current: true,
  client: null,
};
