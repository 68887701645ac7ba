import Bowser from "bowser";
import * as z from "zod";
import type * as contract from "../contract/session.ts";
import type { ResponseFields } from "./contract-fields.ts";

/** The browser, operating system and type of a device, for display. */
export const Device = z.object({
  browser: z.string().nullable(),
  os: z.string().nullable(),
  type: z
    .string()
    .nullable()
    .meta({ examples: ["desktop", "mobile", "tablet"] }),
} satisfies ResponseFields<contract.Device>);

/** Reads the device from a User-Agent header. Unknown parts are null. */
export function deviceOf(userAgent: string | null): contract.Device {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  return { browser: browser.name || null, os: os.name || null, type: platform.type || null };
}
