import type { SessionsMessages } from "../en/sessions.ts";

export const sessions: SessionsMessages = {
  title: "Wo Sie angemeldet sind",
  thisDevice: "Dieses Gerät",
  others: "Andere Geräte",
  activeNow: "Jetzt aktiv",
  lastActive: "Zuletzt aktiv: {when}",
  signedIn: "Angemeldet: {when}",
  end: "Abmelden",
  endOthers: "Alle anderen Geräte abmelden",
  endOthersLead: "Sie bleiben nur auf diesem Gerät angemeldet. Auch Apps mit Zugriff werden abgemeldet.",
  endOthersNow: "Jetzt abmelden",
  ended: "Sie wurden dort abgemeldet.",
  signOut: { title: "Abmelden?", stay: "Angemeldet bleiben" },
  signedOut: { title: "Sie sind abgemeldet", text: "Sie können diese Seite schließen." },
  deleted: {
    title: "Ihr Konto wurde gelöscht",
    text: "Es lässt sich nicht wiederherstellen. E-Mail-Adresse und Telefonnummer können Sie für ein neues Konto verwenden.",
  },
};
