import * as z from "zod/mini";
import type { SecondFactor } from "../contract/factors.ts";
import { type ErrorCode, errors } from "../errors.ts";
import type { FieldCode } from "../result.ts";

/** Every code of a field error, with its meaning. Only the build and types use it. */
export const FIELD_CODES: Record<FieldCode, string> = {
  required: "The field is missing or null. With an empty `path`, the body has no field at all.",
  unknown_field: "The request has no such field.",
  wrong_type: "The value has another JSON type than the field.",
  invalid_format: "The text is not what the field holds, such as an email address.",
  invalid_value: "The value is none of those that the field allows.",
  too_short: "The text or list is too short.",
  too_long: "The text or list is too long.",
  out_of_range: "The number is too small or too large.",
  conflict: "Fields that exclude each other were sent.",
  mismatch: "The confirmation differs from the password.",
  missing_address: "`contact` names an address that the account does not have.",
  taken: "Another account has this address or username.",
  unchanged: "The account has this address already.",
  unsupported_phone: "No text messages are sent to such a phone number.",
  common_password: "The password is one of the most common ones.",
  breached_password: "The password is known from a data breach.",
  identifier_as_password: "The password is an address or a name of the account or of the service.",
  invalid_setting: "A setting of the service is missing or invalid.",
};

const SecondFactorName = z.enum(["totp", "passkey", "recovery_code"] satisfies SecondFactor[]);

/** The body of every error response (RFC 9457). */
export const Problem = z.object({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(errors) as [ErrorCode, ...ErrorCode[]]),
  errors: z.optional(
    z.array(
      z.object({
        path: z.string(),
        code: z.enum(Object.keys(FIELD_CODES) as [FieldCode, ...FieldCode[]]),
        message: z.string(),
      }),
    ),
  ),
  /**
   * With `second_factor_required` and `enrollment_required`: the proof of the first factor, for the
   * next step.
   */
  login_token: z.optional(z.string()),
  /** The factors that the account has, or that it can add. */
  factors: z.optional(z.array(SecondFactorName)),
  /** With `other_browser`: the code to type in the browser that requested the link. */
  otp: z.optional(z.string()),
});
export type Problem = z.infer<typeof Problem>;
