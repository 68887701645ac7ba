/** The schemas of answers that several features give. Only the API reference uses them. */
import * as z from "zod/mini";
import type { UsedDevice, Device as WireDevice } from "../contract/session.ts";
import type { TokenResponse } from "../contract/tokens.ts";
import type { User as WireUser } from "../contract/user.ts";
import type { ResponseFields } from "./contract-fields.ts";
import { storedProfileFields } from "./profile.ts";

/** The tokens of a session (RFC 6749 §5.1). Lifetimes are in seconds. */
export const Tokens = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  /** Absent if the response sets it as a cookie. */
  refresh_token: z.optional(z.string()),
  refresh_expires_in: z.int(),
  /** Absent after a refresh, and if the response sets it as a cookie. */
  device_token: z.optional(z.string()),
} satisfies ResponseFields<TokenResponse>);

/** An account as its owner sees it. */
export const User = z.object({
  id: z.uuid(),
  email: z.nullable(z.string()),
  email_verified: z.boolean(),
  phone: z.nullable(z.string()),
  phone_verified: z.boolean(),
  username: z.nullable(z.string()),
  ...storedProfileFields,
  roles: z.array(z.string()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
} satisfies ResponseFields<WireUser>);

/** The browser, operating system and type of a device, for display. */
export const Device = z.object({
  browser: z.nullable(z.string()),
  os: z.nullable(z.string()),
  type: z.nullable(z.string()),
} satisfies ResponseFields<WireDevice>);

/** The fields of a device that a user has used. */
export const usedDeviceFields = {
  id: z.uuid(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  user_agent: z.nullable(z.string()),
  device: Device,
  ip: z.nullable(z.string()),
} satisfies ResponseFields<UsedDevice>;
