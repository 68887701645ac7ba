import * as z from "zod/mini";
import type * as contract from "../contract/requests.ts";
import { CaptchaToken } from "./captcha.ts";
import type { RequestFields } from "./contract-fields.ts";
import { identifierFields, oneIdentifier } from "./identifier.ts";
import { deviceField } from "./tokens.ts";

/**
 * Creates the schema of a request for a link or a code. Each act has one of its own, because the
 * API reference names them apart.
 */
export const secretRequest = () =>
  z
    .strictObject({
      ...identifierFields,
      ...deviceField,
      turnstile_token: CaptchaToken,
    } satisfies RequestFields<contract.SecretRequest>)
    .check(oneIdentifier);
