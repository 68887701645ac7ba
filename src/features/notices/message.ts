import type { Notice } from "../../schemas/message.ts";
import type { Mail } from "../../senders/mail.ts";

/** Names nobody: a name that a user chose has no business in a mail about security. */
export function noticeMail(to: string, issuer: string, { kind, at }: Notice): Mail {
  const [account, time] = [`your account at ${new URL(issuer).host}`, new Date(at).toUTCString()];
  return { to, language: "en", ...WORDS[kind](account, time) };
}

type Words = (account: string, time: string) => Pick<Mail, "subject" | "paragraphs">;

const WORDS: Record<Notice["kind"], Words> = {
  "password-changed": (account, time) => ({
    subject: "Your password was changed",
    paragraphs: [
      `The password of ${account} was changed on ${time}. Everywhere else you have been logged out.`,
      "If that was you, there is nothing to do.",
      "If it was not, somebody else knows your password. Set a new one at once.",
    ],
  }),
  "refresh-token-reused": (account, time) => ({
    subject: "You were logged out on one device",
    paragraphs: [
      `On ${time} somebody used a copy of what keeps you logged in to ${account}. That session was ended, on your device too.`,
      "Log in again there. If you do not know how this could happen, change your password and look through your sessions.",
    ],
  }),
};
