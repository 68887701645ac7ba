import * as z from "zod/mini";
import { optional } from "./optional.ts";

/** The token of Turnstile's widget, which has at most 2048 characters. */
export const CaptchaToken = optional(
  z.string().check(z.regex(/^[\x21-\x7e]{1,2048}$/, "Must be a token of Turnstile's widget.")),
);

/** The use of a token. The page sets it as the `action` of the widget. */
export type CaptchaAction = "register" | "login" | "reset" | "verify";
