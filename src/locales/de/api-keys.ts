import type { ApiKeysMessages } from "../en/api-keys.ts";

export const apiKeys: ApiKeysMessages = {
  title: "API-Schlüssel",
  purpose: "Schlüssel für Programme, die Ihr Konto verwenden.",
  manage: "API-Schlüssel verwalten",
  lead: "Ein Programm mit einem dieser Schlüssel kann wie angegeben in Ihrem Namen handeln.",
  none: "Noch keine API-Schlüssel.",
  create: "API-Schlüssel erstellen",
  creating:
    "Geben Sie dem Schlüssel nur die Berechtigungen, die das Programm braucht. Sie können ihn jederzeit widerrufen.",
  validity: { days: "{days} Tage", year: "1 Jahr", never: "Nie" },
  created: "Erstellt: {when}",
  expires: "Läuft ab: {when}",
  expired: "Abgelaufen",
  endless: "Läuft nicht ab",
  revoke: "Widerrufen",
  revoked: "Der API-Schlüssel wurde widerrufen. Er funktioniert nicht mehr.",
  revocation: {
    title: "{name} widerrufen?",
    lead: "Programme mit diesem Schlüssel können nicht mehr in Ihrem Namen handeln. Das lässt sich nicht rückgängig machen.",
  },
  shown: {
    title: "Kopieren Sie Ihren API-Schlüssel",
    lead: "Kopieren Sie den Schlüssel jetzt und bewahren Sie ihn wie ein Passwort auf. Er wird nicht noch einmal angezeigt.",
    submit: "Ich habe ihn gespeichert",
  },
  tooMany: "Sie haben 50 API-Schlüssel. Widerrufen Sie zuerst einen, den Sie nicht mehr brauchen.",
};
