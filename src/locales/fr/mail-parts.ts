import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} est votre code.",
  fallback: "Ou ouvrez ce lien\u202f:",
  when: "Date",
  device: "Appareil",
  network: "Réseau",
  sender: "Envoyé par {sender}",
};
