import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} es tu código.",
  fallback: "O abre este enlace:",
  when: "Fecha",
  device: "Dispositivo",
  network: "Red",
  sender: "Enviado por {sender}",
};
