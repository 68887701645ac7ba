import Bowser from "bowser";
import * as z from "zod";
import type * as contract from "../contract/session.ts";
import type { ResponseFields } from "./contract-fields.ts";
import { decodeUri } from "./typed.ts";

/** The browser, operating system and type of a device, for display. */
export const Device = z.object({
  browser: z.string().nullable(),
  os: z.string().nullable(),
  type: z.string().nullable(),
} satisfies ResponseFields<contract.Device>);

/** The systems that apps name in their own agents. Apple's CFNetwork names only the kernel. */
const SYSTEM = /\b(?:iOS|iPadOS|macOS|watchOS|tvOS|Android|Darwin)\b/;

/**
 * Reads the device from a User-Agent header. Unknown parts are null.
 *
 * Browsers begin with `Mozilla`. Apps, libraries and tools begin with their own name (RFC 9110
 * §10.1.5), which stands for the browser.
 */
export function deviceOf(userAgent: string | null): contract.Device {
  const agent = userAgent || " ";
  const { browser, os, platform } = Bowser.parse(agent);
  const system = os.name || SYSTEM.exec(agent)?.[0] || null;
  const device = { os: system === "Darwin" ? "iOS or macOS" : system, type: platform.type || null };
  if (agent.startsWith("Mozilla")) return { browser: browser.name || null, ...device };
  // Bowser takes an Android for a tablet unless its agent says `Mobile`, as browsers do.
  return { browser: productOf(agent), ...device, ...(system === "Android" && { type: null }) };
}

/** Returns the name of the first product: up to its version or the comment that follows. */
function productOf(agent: string): string | null {
  const [encoded = ""] = /^[^/(;,]*/.exec(agent) ?? [];
  // Apple encodes spaces and what is not ASCII.
  const name = decodeUri(encoded).trim();
  return name !== "Dalvik" && /^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,39}$/u.test(name) ? name : null;
}
