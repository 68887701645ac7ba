import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} ist Ihr Code.",
  fallback: "Oder öffnen Sie diesen Link:",
  when: "Zeitpunkt",
  device: "Gerät",
  network: "Netzwerk",
  sender: "Gesendet von {sender}",
  checkAccount:
    "Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, hat jemand anderes Zugriff auf Ihr Konto. Melden Sie sich an, entfernen Sie fremde Anmeldemethoden und melden Sie alle anderen Geräte ab.",
  checkAccountText: "{subject} ({site}). Wenn Sie das nicht waren, melden Sie sich an und prüfen Sie Ihr Konto.",
};
