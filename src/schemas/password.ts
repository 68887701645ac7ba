import * as z from "zod";
import type * as contract from "../contract/requests.ts";
import { isCommon } from "../passwords/quality.ts";
import type { RequestFields } from "./contract-fields.ts";
import { coded } from "./parse.ts";
import { text } from "./text.ts";

export const MIN_PASSWORD_LENGTH = 8;

/** A new password. It may contain any characters and is not normalized. */
export const NewPassword = text({ min: MIN_PASSWORD_LENGTH, max: 256 }).refine((password) => !isCommon(password), {
  error: "Must not be one of the most common passwords.",
  ...coded("common_password"),
});

/** A password to verify. No minimum length: the limit may have been lower when it was set. */
export const CurrentPassword = text({ max: 256 });

/** The fields of requests that set a new password. */
export const newPasswordFields = {
  new_password: NewPassword,
  confirm_password: z.string().nullish(),
} satisfies RequestFields<contract.NewPassword>;

/** Tests whether the confirmation, if there is one, equals the password. */
export const isConfirmed = (password: string, confirmation: string | null | undefined) =>
  (confirmation ?? password) === password;
export const UNCONFIRMED = {
  path: ["confirm_password"],
  error: "Must be equal to the password.",
  ...coded("mismatch"),
};
