import * as z from "zod";
import { line, text } from "./text.ts";

/** What users tell about themselves. */
export const profileFields = {
  first_name: line({ max: 100 }).nullish(),
  last_name: line({ max: 100 }).nullish(),
  /** Which of the user's addresses is written to first. */
  contact: z.enum(["email", "phone"]).nullish(),
  short_description: text({ max: 500 }).nullish(),
};
