/** Words that mails of several kinds share. */
export const mailParts = {
  /** The code in the text part, where no box sets it off. */
  code: "{code} is your code.",
  fallback: "Or open this link:",
  when: "When",
  device: "Device",
  network: "Network",
  sender: "Sent by {sender}",
  /** In a service without passwords, in place of the advice to reset the password. */
  checkAccount:
    "If this was you, you don't need to do anything. If it wasn't, someone else can use your account. Sign in, remove the sign-in methods that aren't yours, and sign out all other devices.",
  /** The same as a text message. */
  checkAccountText: "{subject} ({site}). If it wasn't you, sign in and check your account right away.",
};

export type MailParts = typeof mailParts;
