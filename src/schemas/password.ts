import * as z from "zod";
import type * as contract from "../contract/requests.ts";
import { isCommon } from "../passwords/quality.ts";
import type { RequestFields } from "./contract-fields.ts";
import { text } from "./text.ts";

export const MIN_PASSWORD_LENGTH = 8;

/** A password to set: any characters, taken verbatim. */
export const NewPassword = text({ min: MIN_PASSWORD_LENGTH, max: 256 }).refine(
  (password) => !isCommon(password),
  "Is one of the most common passwords.",
);

/** A password to check: whatever its length was when it was set, longer than this none is. */
export const CurrentPassword = text({ max: 256 });

/** The fields of every request that sets a new password. */
export const newPasswordFields = {
  new_password: NewPassword,
  confirm_password: z.string().nullish(),
} satisfies RequestFields<contract.NewPassword>;

/** A password typed a second time, where a form asks for that. */
export const isConfirmed = (password: string, confirmation: string | null | undefined) =>
  (confirmation ?? password) === password;
export const UNCONFIRMED = { path: ["confirm_password"], error: "Differs from the password." };
