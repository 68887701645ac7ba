import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} est votre code.",
  fallback: "Ou ouvrez ce lien\u202f:",
  // A colon follows these labels, and French has a space before it.
  when: "Date\u202f",
  device: "Appareil\u202f",
  network: "Réseau\u202f",
  sender: "Envoyé par {sender}",
};
