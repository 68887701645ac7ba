import * as z from "zod/mini";
import type * as contract from "../contract/requests.ts";
import { normalizePassword } from "../passwords/normalization.ts";
import type { RequestFields } from "./contract-fields.ts";
import { nullIfEmpty, optional } from "./optional.ts";
import { coded } from "./parse.ts";
import { text } from "./text.ts";

export const MIN_PASSWORD_LENGTH = 8;

/** A new password, in the form that is hashed. It may contain any characters. */
export const NewPassword = text({ min: MIN_PASSWORD_LENGTH, max: 256, clean: normalizePassword });

/** As `NewPassword`, if there is one. Spaces can be a password. */
export const OptionalNewPassword = optional(NewPassword, nullIfEmpty);

/**
 * A password to verify, as typed: a hash from before passwords were normalized is of that form. No
 * minimum length: the limit may have been lower when it was set.
 */
export const CurrentPassword = text({ max: 256, measure: normalizePassword });

/** A password to verify, if there is one. Spaces can be a password. */
export const OptionalPassword = optional(CurrentPassword, nullIfEmpty);

/** The repetition of a new password. An empty one is wrong: its user has not repeated anything. */
export const Confirmation = z.nullish(z.string().check(z.overwrite(normalizePassword)));

/** The fields of requests that set a new password. */
export const newPasswordFields = {
  new_password: NewPassword,
  confirm_password: Confirmation,
} satisfies RequestFields<contract.NewPassword>;

/** Tests whether the confirmation, if there is one, equals the password. */
export const isConfirmed = (password: string, confirmation: string | null | undefined) =>
  (confirmation ?? password) === password;
export const UNCONFIRMED = {
  path: ["confirm_password"],
  error: "Must be equal to the password.",
  ...coded("mismatch"),
};
