import type { ErrorCode } from "../../errors.ts";
import type { FieldCode } from "../../result.ts";

/** Shown above a form that was refused. */
const byCode: Partial<Record<ErrorCode, string>> = {
  invalid_request: "Check the highlighted fields.",
  reauthentication_required: "Enter your password to continue.",
  invalid_credentials: "Incorrect password, or no such account.",
  account_disabled: "This account is disabled. Contact the people who run this site.",
  verification_required: "Verify your email or phone number first.",
  captcha_required:
    "Complete the security check, then try again. If you don't see it, turn on JavaScript and allow challenges.cloudflare.com.",
  invalid_code: "This code is wrong or has expired. Check it, or request a new one.",
  invalid_token: "This link has expired or was already used. Request a new one.",
  too_many_attempts: "Too many failed attempts. Wait a while, or reset your password by email.",
  too_many_requests: "Too many requests.",
  last_address: "This is your only verified email or phone number. Verify another one first.",
  check_unavailable: "We can't run a security check right now. Try again in a moment.",
  overloaded: "We're busy right now. Try again in a moment.",
};

/** The codes for which every language has words of its own. */
type KnownFieldCode = "missing_address" | "unsupported_phone" | "common_password" | "identifier_as_password";

/** Shown below a field, by what is wrong with it. Other codes have the words of the field. */
const byFieldCode: Partial<Record<FieldCode, string>> & Record<KnownFieldCode, string> = {
  missing_address: "Your account doesn't have this yet. Add it first, or choose something else.",
  unsupported_phone: "We can't text this number. Use an email, or a mobile number from a country we send texts to.",
  common_password: "This password is too common. Choose one that's harder to guess.",
  breached_password: "This password appeared in a data breach. Choose another one.",
  identifier_as_password: "Don't use your name, email, phone number, or the name of this site.",
};

export const errors = {
  byCode,
  byFieldCode,
  /** Shown to a signed-in user for `invalid_credentials`. */
  wrongPassword: "Incorrect password. Try again.",
  /** Shown above a form for every other code. */
  unknown: "Something went wrong. Try again in a moment.",
  /** Precedes the title of a page with an error, so that screen readers announce it. */
  titlePrefix: "Error",
  tryAgain: "Try again",
  /** `{seconds}` is replaced by the server, then by the script that counts down. */
  retryIn: "Try again in {seconds} s.",
  pages: {
    notFound: { title: "Page not found", text: "Check the address for typos." },
    tooMany: { title: "Too many requests" },
    busy: { title: "Just a moment", text: "We're busy right now." },
    incomplete: { title: "Not set up yet", text: "The people who run this site still need to finish setting it up." },
    foreignForm: {
      title: "This form wasn't sent",
      text: "We couldn't confirm that it came from our own page, so nothing was changed. Open the page again, or update your browser.",
    },
    failed: { title: "Something went wrong", text: "Go back and try again." },
  },
  /** Shown over http, which only a developer uses. */
  needsHttps: "Over HTTP, sign-in works only on localhost, and not in Safari. Use HTTPS.",
};

export type ErrorsMessages = typeof errors;
