import type { Words } from "./words.ts";

const KEEP_SECRET = "Do not share it, whoever asks. If you did not ask for it, there is nothing to do.";
const IF_YOU = "If that was you, there is nothing to do.";

const time = (at: number) => new Date(at).toUTCString();

export const en: Words = {
  resetLink: ({ site, link, minutes }) => ({
    subject: "Set a new password",
    paragraphs: [
      `Somebody, hopefully you, asked for a new password for your account at ${site}. Set it here within ${minutes} minutes:`,
      link,
      "If you did not ask for it, there is nothing to do: your password stays as it is.",
    ],
  }),
  resetCode: ({ site, code, minutes }) => ({
    subject: "Your code to set a new password",
    paragraphs: [`${code} is your code to set a new password at ${site}. It lives ${minutes} minutes.`, KEEP_SECRET],
    text: `${code} is your code to set a new password at ${site}. Do not share it.`,
  }),
  verificationCode: ({ site, code, minutes }) => ({
    subject: "Your code to verify your address",
    paragraphs: [
      `${code} is your code to verify your address at ${site}. It lives ${minutes} minutes.`,
      `${KEEP_SECRET} Without the code nobody can prove that your address is theirs.`,
    ],
    text: `${code} is your code to verify your number at ${site}. Do not share it.`,
  }),
  addressChangeCode: ({ site, code, minutes }) => ({
    subject: "Your code to confirm your new address",
    paragraphs: [
      `${code} is your code to make this the address of your account at ${site}. It lives ${minutes} minutes.`,
      KEEP_SECRET,
    ],
    text: `${code} is your code to make this the number of your account at ${site}. Do not share it.`,
  }),
  addressTaken: ({ site }) => ({
    subject: "You already have an account",
    paragraphs: [
      `Somebody, perhaps you, gave your address for an account at ${site}. You already have one with it, and nothing has changed.`,
      "If that was you: log in to it, or ask for a new password there. If it was not, there is nothing to do.",
    ],
    text: `Somebody, perhaps you, gave your number for an account at ${site}. You already have one with it.`,
  }),
  passwordChanged: ({ site, at }) => ({
    subject: "Your password was changed",
    paragraphs: [
      `The password of your account at ${site} was changed on ${time(at)}. Everywhere else you have been logged out.`,
      IF_YOU,
      "If it was not, somebody else knows your password or reads your messages. Set a new password at once.",
    ],
    text: `The password of your account at ${site} was changed. If that was not you, set a new one at once.`,
  }),
  emailChanged: ({ site, at }) => ({
    subject: "Your e-mail address was changed",
    paragraphs: [
      `On ${time(at)} your account at ${site} was given another e-mail address. This one no longer belongs to it.`,
      IF_YOU,
      "If it was not, somebody else knows your password: turn to those who run the site at once.",
    ],
    text: `The e-mail address of your account at ${site} was changed. If that was not you, set a new password at once.`,
  }),
  phoneChanged: ({ site, at }) => ({
    subject: "Your phone number was changed",
    paragraphs: [
      `On ${time(at)} your account at ${site} was given another phone number.`,
      IF_YOU,
      "If it was not, somebody else knows your password. Set a new one at once.",
    ],
    text: `The phone number of your account at ${site} was changed. If that was not you, set a new password at once.`,
  }),
  refreshTokenReused: ({ site, at }) => ({
    subject: "You were logged out on one device",
    paragraphs: [
      `On ${time(at)} somebody used a copy of what keeps you logged in to your account at ${site}. That session was ended, on your device too.`,
      "Log in again there. If you do not know how this could happen, change your password and look through your sessions.",
    ],
    text: `A copy of your login at ${site} was used, so that session was ended. If you do not know why, set a new password.`,
  }),
  resetPage: {
    title: "Set a new password",
    newPassword: "New password",
    repeatPassword: "New password once more",
    submit: "Set password",
    done: "Your new password is set. You can log in with it now.",
    invalidLink:
      "This link is no longer good: it was used, replaced by a newer one, or is too old. Ask for another one.",
    refusedPassword: "A password has 8 to 256 characters, twice the same, and is not easy to guess.",
    busy: "There are too many requests just now. Try again in a moment.",
  },
};
