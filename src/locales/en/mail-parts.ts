/** Words that mails of several kinds share. */
export const mailParts = {
  /** The code in the text part, where no box sets it off. */
  code: "{code} is your code.",
  fallback: "Or open this link:",
  when: "When",
  device: "Device",
  network: "Network",
  sender: "Sent by {sender}",
};

export type MailParts = typeof mailParts;
