import * as z from "zod/mini";
import type * as contract from "../contract/tokens.ts";
import type { RequestFields } from "./contract-fields.ts";
import { optional } from "./optional.ts";
import { text } from "./text.ts";
import { toLinkToken, toToken } from "./typed.ts";

export const Transport = z.enum(["body", "cookie"]);

/**
 * A token in a request, perhaps from a file with a line break at its end. The tokens of this
 * service are shorter than the limit.
 */
export const TokenText = text({ max: 4096, clean: toToken });

/**
 * The token of a link, or the link, which people may copy by hand. Text that cannot be a token at
 * all is an `invalid_token` like any other.
 */
export const LinkToken = text({ min: 0, max: 4096, clean: toLinkToken });

/** The device token of a request. Browsers send it as a cookie instead. */
export const deviceField = { device_token: optional(TokenText) } satisfies RequestFields<contract.DeviceField>;

/** The refresh token of a request, if any, and how it was sent. */
export interface ReceivedToken {
  token: string | undefined;
  transport: contract.Transport;
}
