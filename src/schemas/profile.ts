import * as z from "zod";
import { line, text } from "./text.ts";

/** What users tell about themselves. */
export const profileFields = {
  first_name: line({ max: 100 }).nullish(),
  last_name: line({ max: 100 }).nullish(),
  /** Which of the user's addresses is written to first. */
  contact: z.enum(["email", "phone"]).nullish(),
  /** Which language the user is written to in, a BCP 47 tag such as `de` or `en-GB`. */
  locale: z
    .string()
    .max(35, "Must have at most 35 characters.")
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, "Must be a language tag such as `de` or `en-GB`.")
    .nullish(),
  short_description: text({ max: 500 }).nullish(),
};
