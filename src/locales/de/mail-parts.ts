import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} ist Ihr Code.",
  fallback: "Oder öffnen Sie diesen Link:",
  when: "Zeitpunkt",
  device: "Gerät",
  network: "Netzwerk",
  sender: "Gesendet von {sender}",
};
