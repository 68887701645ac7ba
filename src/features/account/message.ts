import type { Mail } from "../../senders/mail.ts";

/** Names nobody: a name that a user chose has no business in a mail about security. */
export const passwordChanged = (to: string, issuer: string, at: number): Mail => ({
  to,
  language: "en",
  subject: "Your password was changed",
  paragraphs: [
    `The password of your account at ${new URL(issuer).host} was changed on ${new Date(at).toUTCString()}. Everywhere else you have been logged out.`,
    "If that was you, there is nothing to do.",
    "If it was not, somebody else knows your password. Set a new one at once.",
  ],
});
