import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} est votre code.",
  fallback: "Ou ouvrez ce lien\u202f:",
  when: "Date",
  device: "Appareil",
  network: "Réseau",
  sender: "Envoyé par {sender}",
  checkAccount:
    "Si c’était vous, vous n’avez rien à faire. Sinon, quelqu’un d’autre a accès à votre compte. Connectez-vous, supprimez les méthodes de connexion qui ne sont pas les vôtres et déconnectez tous les autres appareils.",
  checkAccountText: "{subject} ({site}). Si ce n'était pas vous, connectez-vous et vérifiez votre compte.",
};
