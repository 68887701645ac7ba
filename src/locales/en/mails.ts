import type { MailMessages } from "../messages.ts";

const VALIDITY = "It expires in {minutes}. Don't share it with anyone. We'll never ask for it.";
const IGNORE = "Didn't request this? You can ignore this email.";
const CHECK = "Make sure it was you.";
const IF_YOU = "If this was you, you don't need to do anything. If it wasn't,";
const NOT_ME = "This wasn't me";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Verify your new email address",
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
  text: "{code} is your code to verify this phone number for {site}. Don't share it.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Reset your password",
    preheader: "Use the link to choose a new one.",
    lead: "We received a request to reset the password for your {site} account.",
    button: "Choose a new password",
    validity: "The link expires in {minutes} and works only once.",
    unrequested: `${IGNORE} Your password stays the same.`,
  },
  "password-reset-code": {
    subject: "Your password reset code",
    preheader: "Enter the code to continue.",
    lead: "Enter this code to reset the password for your {site} account:",
    validity: VALIDITY,
    unrequested: `${IGNORE} Your password stays the same.`,
    text: "{code} is your code to reset your {site} password. Don't share it.",
  },
  // Sent to phones only.
  "recovery-verification": {
    ...verification,
    text: "{code} is your code to verify this phone number for {site}. After that, request a new password again. Don't share it.",
  },
  verification,
  "address-release-link": {
    subject: "Is this your account?",
    preheader: "An account lists your email address.",
    lead: "An account at {site} lists this email address along with another email or phone number, but nobody has verified it.",
    advice:
      "If the account is yours, sign in with the other one and verify this email address. If it isn't, remove your email address from it. Then you can create your own account.",
    button: "Remove my email address",
    validity: "The link expires in {minutes} and works only once.",
    unrequested: IGNORE,
    text: "An account at {site} lists this number, but nobody has verified it. If it isn't yours, remove the number: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "You already have an account",
    preheader: "Nothing has changed.",
    lead: "Someone entered this email address at {site}. You already have an account with it, so nothing has changed.",
    advice: "If this was you, sign in with that account. You can also reset your password.",
    button: "Sign in",
    unrequested: IGNORE,
    text: "We received a request to use this number for an account at {site}. You already have an account with it.",
  },
  "password-changed": {
    subject: "Your password was changed",
    preheader: CHECK,
    lead: "The password for your {site} account was changed. All other devices were signed out.",
    advice: `${IF_YOU} someone knows your password or can read your messages. Reset your password right away, and secure your email account too.`,
    button: NOT_ME,
    text: "The password for your {site} account was changed. If it wasn't you, reset it right away.",
  },
  "password-voided": {
    subject: "Your password was removed",
    preheader: "You need a new one.",
    lead: "An administrator removed the password for your {site} account. Choose a new one to sign in again.",
    button: "Choose a new password",
    text: "The password for your {site} account was removed. Request a link or a code to choose a new one.",
  },
  "username-changed": {
    subject: "Your username was changed",
    preheader: CHECK,
    lead: "The username for your {site} account was changed.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away.`,
    button: NOT_ME,
    text: "The username for your {site} account was changed. If it wasn't you, reset your password right away.",
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
    lead: "The email address on your {site} account was changed. You can no longer sign in with this one.",
    advice: `${IF_YOU} someone else can use your account. Sign in with your username or phone number and change your password, or contact the people who run {site}.`,
    button: NOT_ME,
    text: "The email address on your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "phone-changed": {
    subject: "Your phone number was changed",
    preheader: CHECK,
    lead: "The phone number on your {site} account was changed.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct your number in your account settings.`,
    button: NOT_ME,
    text: "The phone number on your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "email-verified": {
    subject: "An email address was verified",
    preheader: CHECK,
    lead: "An email address on your {site} account was verified. It can now be used to reset your password.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct your email in your account settings.`,
    button: NOT_ME,
    text: "The email address on your {site} account was verified. If it wasn't you, reset your password right away.",
  },
  "phone-verified": {
    subject: "A phone number was verified",
    preheader: CHECK,
    lead: "A phone number on your {site} account was verified. It can now be used to reset your password.",
    advice: `${IF_YOU} someone else can use your account. Reset your password right away, then correct your number in your account settings.`,
    button: NOT_ME,
    text: "The phone number on your {site} account was verified. If it wasn't you, reset your password right away.",
  },
  "email-removed": {
    subject: "An email address was removed",
    preheader: CHECK,
    lead: "An email address was removed from your {site} account. It can no longer be used to sign in or reset your password.",
    advice: `${IF_YOU} sign in another way, check your recent activity, and change your password.`,
    button: NOT_ME,
    text: "An email address was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "phone-removed": {
    subject: "A phone number was removed",
    preheader: CHECK,
    lead: "A phone number was removed from your {site} account. It can no longer be used to sign in or reset your password.",
    advice: `${IF_YOU} sign in, check your recent activity, and change your password.`,
    button: NOT_ME,
    text: "A phone number was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "refresh-token-reused": {
    subject: "You were signed out on one device",
    preheader: "We ended a session.",
    lead: "Someone used a copy of your session at {site}, so we ended it. Sign in again.",
    advice: "If you don't know how this happened, check your recent activity and change your password.",
    button: NOT_ME,
    text: "Someone used a copy of your session at {site}, so we ended it. If in doubt, reset your password.",
  },
};
