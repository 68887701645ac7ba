import * as z from "zod";

/** What Turnstile's widget gives a frontend; longer it never is. */
export const CaptchaToken = z
  .string()
  .regex(/^[\x21-\x7e]{1,2048}$/, "Must be what Turnstile's widget gave.")
  .optional();
