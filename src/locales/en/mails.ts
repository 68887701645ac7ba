import type { MailMessages } from "../messages.ts";

const VALIDITY = "It expires in {minutes}. Don't share it with anyone. We never ask for it.";
const IGNORE = "Didn't request this? You can ignore this email.";
const CHECK = "Check that it was you.";
const IF_YOU = "If this was you, you don't need to do anything. If it wasn't,";
const NOT_ME = "This wasn't me";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Confirm your new email address",
  preheader: "Enter the code to continue.",
  lead: "Enter this code to use this email address for your {site} account:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} is your code to use this phone number for your {site} account. Don't share it.",
};

const verification: MailMessages["verification"] = {
  subject: "Your verification code",
  preheader: "Enter the code to continue.",
  lead: "Enter this code to verify your email address for {site}:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} is your code to verify this phone number at {site}. Don't share it.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Reset your password",
    preheader: "Use the link to choose a new one.",
    lead: "We received a request to reset the password of your {site} account.",
    button: "Choose a new password",
    validity: "Use the link within {minutes}. It works once.",
    unrequested: `${IGNORE} Your password stays the same.`,
  },
  "password-reset-code": {
    subject: "Your password reset code",
    preheader: "Enter the code to continue.",
    lead: "Enter this code to reset the password of your {site} account:",
    validity: VALIDITY,
    unrequested: `${IGNORE} Your password stays the same.`,
    text: "{code} is your code to reset your {site} password. Don't share it.",
  },
  // Sent to phones only.
  "recovery-verification": {
    ...verification,
    text: "{code} is your code to verify this phone number at {site}. Then request your new password again. Don't share it.",
  },
  verification,
  "address-release-link": {
    subject: "Is this your account?",
    preheader: "An account has your email address.",
    lead: "An account at {site} has this email address besides another one, but nobody has verified it.",
    advice:
      "If it's yours, sign in with its other address and verify this one. If it isn't, remove your address from it. Then you can create your own account.",
    button: "Remove my address",
    validity: "Use the link within {minutes}. It works once.",
    unrequested: IGNORE,
    text: "An account at {site} has this number without confirmation. If it isn't yours, remove the number here: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "You already have an account",
    preheader: "Nothing has changed.",
    lead: "Someone entered this email address at {site}. You already have an account with it, so nothing has changed.",
    advice: "If this was you, sign in or reset your password there.",
    button: "Sign in",
    unrequested: IGNORE,
    text: "We received a request to use this number for an account at {site}. You already have an account with it.",
  },
  "password-changed": {
    subject: "Your password was changed",
    preheader: CHECK,
    lead: "The password of your {site} account was changed. All other devices have been signed out.",
    advice: `${IF_YOU} someone knows your password or can read your messages. Reset your password right away, and secure your mailbox too.`,
    button: NOT_ME,
    text: "The password of your {site} account was changed. If it wasn't you, reset it right away.",
  },
  "password-voided": {
    subject: "Your password was removed",
    preheader: "You need a new one.",
    lead: "An administrator removed the password of your {site} account. Set a new one to sign in again.",
    button: "Set a new password",
    text: "The password of your {site} account was removed. Request a link or a code to set a new one.",
  },
  "username-changed": {
    subject: "Your username was changed",
    preheader: CHECK,
    lead: "The username of your {site} account was changed.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away.`,
    button: NOT_ME,
    text: "The username of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "account-deleted": {
    subject: "Your account was deleted",
    preheader: CHECK,
    lead: "Your {site} account was deleted.",
    advice: `${IF_YOU} contact the people who run {site} right away.`,
    button: NOT_ME,
    text: "Your {site} account was deleted. If it wasn't you, contact the people who run the site right away.",
  },
  "email-changed": {
    subject: "Your email address was changed",
    preheader: CHECK,
    lead: "The email address of your {site} account was changed. This one no longer belongs to it.",
    advice: `${IF_YOU} someone else can use your account. Sign in with your username or phone number and change your password, or contact the people who run {site}.`,
    button: NOT_ME,
    text: "The email address of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "phone-changed": {
    subject: "Your phone number was changed",
    preheader: CHECK,
    lead: "The phone number of your {site} account was changed.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct the number in your account settings.`,
    button: NOT_ME,
    text: "The phone number of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "email-verified": {
    subject: "An email address was confirmed",
    preheader: CHECK,
    lead: "An email address of your {site} account was confirmed. It can now be used to reset the password.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct the address in your account settings.`,
    button: NOT_ME,
    text: "The email address of your {site} account was confirmed. If it wasn't you, reset your password right away.",
  },
  "phone-verified": {
    subject: "A phone number was confirmed",
    preheader: CHECK,
    lead: "A phone number of your {site} account was confirmed. It can now be used to reset the password.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct the number in your account settings.`,
    button: NOT_ME,
    text: "The phone number of your {site} account was confirmed. If it wasn't you, reset your password right away.",
  },
  "email-removed": {
    subject: "An email address was removed",
    preheader: CHECK,
    lead: "An email address was removed from your {site} account. It can no longer be used to sign in or to reset the password.",
    advice: `${IF_YOU} sign in with another address or your username, check the recent activity and change your password.`,
    button: NOT_ME,
    text: "An email address was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "phone-removed": {
    subject: "A phone number was removed",
    preheader: CHECK,
    lead: "A phone number was removed from your {site} account. It can no longer be used to sign in or to reset the password.",
    advice: `${IF_YOU} sign in, check the recent activity and change your password.`,
    button: NOT_ME,
    text: "A phone number was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "refresh-token-reused": {
    subject: "You were signed out on one device",
    preheader: "We ended a session.",
    lead: "Someone used a copy of your sign-in at {site}, so we ended that session. Sign in again.",
    advice: "If you don't know how this happened, check the recent activity and change your password.",
    button: NOT_ME,
    text: "Someone used a copy of your sign-in at {site}, so we ended that session. If in doubt, reset your password.",
  },
};
