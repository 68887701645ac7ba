import type { MailMessages } from "../messages.ts";

const KEEP_SECRET = "Don't share it with anyone. If you didn't request it, you can ignore this email.";
const IF_YOU = "If this was you, you don't need to do anything.";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Confirm your new email address",
  paragraphs: [
    "{code} is your code to use this email address for your {site} account. It expires in {minutes}.",
    KEEP_SECRET,
  ],
  text: "{code} is your code to use this phone number for your {site} account. Don't share it.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Reset your password",
    paragraphs: [
      "We received a request to reset the password of your {site} account. Choose a new password within {minutes}:",
      "{link}",
      "If you didn't request this, you can ignore this email. Your password stays the same.",
    ],
  },
  "password-reset-code": {
    subject: "Your password reset code",
    paragraphs: [
      "{code} is your code to reset the password of your {site} account. It expires in {minutes}.",
      KEEP_SECRET,
    ],
    text: "{code} is your code to reset your {site} password. Don't share it.",
  },
  "recovery-verification": {
    subject: "Your verification code",
    paragraphs: [
      "{code} is your code to verify this address at {site}. It expires in {minutes}. Then request your new password again.",
      KEEP_SECRET,
    ],
    text: "{code} is your code to verify this phone number at {site}. Then request your new password again. Don't share it.",
  },
  verification: {
    subject: "Your verification code",
    paragraphs: [
      "{code} is your code to verify this email address at {site}. It expires in {minutes}.",
      `${KEEP_SECRET} Without the code, nobody can claim your address.`,
    ],
    text: "{code} is your code to verify this phone number at {site}. Don't share it.",
  },
  "address-release-link": {
    subject: "Is this your account?",
    paragraphs: [
      "An account at {site} has this email address besides another one, but nobody has confirmed it there.",
      "If it is your account, use its other address to sign in or to reset the password, then confirm this one in your account settings. If not, remove this address from it within {minutes}:",
      "{link}",
      "After that you can create an account of your own. If you don't want one, you can ignore this email.",
    ],
    text: "An account at {site} has this number without confirmation. If it isn't yours, remove the number here: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "You already have an account",
    paragraphs: [
      "We received a request to use this email address for an account at {site}. You already have an account with it, so nothing has changed.",
      "If this was you, sign in or reset your password. If not, you can ignore this email.",
    ],
    text: "We received a request to use this number for an account at {site}. You already have an account with it.",
  },
  "password-changed": {
    subject: "Your password was changed",
    paragraphs: [
      "The password of your {site} account was changed on {date}. You've been signed out on all other devices.",
      IF_YOU,
      "If it wasn't you, someone knows your password or can read your messages. Reset your password right away.",
    ],
    text: "The password of your {site} account was changed. If it wasn't you, reset it right away.",
  },
  "password-voided": {
    subject: "Your password was removed",
    paragraphs: [
      "An administrator removed the password of your {site} account on {date}. You've been signed out on all devices.",
      "To sign in again, open the sign-in page and request a link to set a new password.",
    ],
    text: "The password of your {site} account was removed. Request a link or a code to set a new one.",
  },
  "username-changed": {
    subject: "Your username was changed",
    paragraphs: [
      "The username of your {site} account was changed on {date}.",
      IF_YOU,
      "If it wasn't you, someone can use your account. Reset your password right away.",
    ],
    text: "The username of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "account-deleted": {
    subject: "Your account was deleted",
    paragraphs: [
      "Your {site} account was deleted on {date}. You've been signed out on all devices.",
      IF_YOU,
      "If it wasn't you, contact the people who run the site right away.",
    ],
    text: "Your {site} account was deleted. If it wasn't you, contact the people who run the site right away.",
  },
  "email-changed": {
    subject: "Your email address was changed",
    paragraphs: [
      "The email address of your {site} account was changed on {date}. This one no longer belongs to it.",
      IF_YOU,
      "If it wasn't you, someone knows your password. Contact the people who run the site right away.",
    ],
    text: "The email address of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "phone-changed": {
    subject: "Your phone number was changed",
    paragraphs: [
      "The phone number of your {site} account was changed on {date}.",
      IF_YOU,
      "If it wasn't you, someone knows your password. Reset it right away.",
    ],
    text: "The phone number of your {site} account was changed. If it wasn't you, reset your password right away.",
  },
  "email-verified": {
    subject: "An email address was confirmed",
    paragraphs: [
      "The email address of your {site} account was confirmed on {date}. It can be used to reset the password.",
      IF_YOU,
      "If it wasn't you, someone knows your password. Reset it right away.",
    ],
    text: "The email address of your {site} account was confirmed. If it wasn't you, reset your password right away.",
  },
  "phone-verified": {
    subject: "A phone number was confirmed",
    paragraphs: [
      "The phone number of your {site} account was confirmed on {date}. It can be used to reset the password.",
      IF_YOU,
      "If it wasn't you, someone knows your password. Reset it right away.",
    ],
    text: "The phone number of your {site} account was confirmed. If it wasn't you, reset your password right away.",
  },
  "email-removed": {
    subject: "An email address was removed",
    paragraphs: [
      "An email address was removed from your {site} account on {date}. It can no longer be used to sign in or to reset the password.",
      IF_YOU,
      "If it wasn't you, sign in and review your account.",
    ],
    text: "An email address was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "phone-removed": {
    subject: "A phone number was removed",
    paragraphs: [
      "A phone number was removed from your {site} account on {date}. It can no longer be used to sign in or to reset the password.",
      IF_YOU,
      "If it wasn't you, sign in and review your account.",
    ],
    text: "A phone number was removed from your {site} account. If it wasn't you, sign in and review your account.",
  },
  "refresh-token-reused": {
    subject: "You were signed out on one device",
    paragraphs: [
      "On {date}, someone used a copy of your sign-in at {site}. We ended that session, on your device too.",
      "Sign in again there. If you don't know why this happened, change your password and review your sessions.",
    ],
    text: "Someone used a copy of your sign-in at {site}, so we ended that session. If in doubt, reset your password.",
  },
};
