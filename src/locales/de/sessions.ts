import type { SessionsMessages } from "../en/sessions.ts";

export const sessions: SessionsMessages = {
  title: "Wo Sie angemeldet sind",
  thisDevice: "dieses Gerät",
  lastUsed: "zuletzt verwendet {when}",
  end: "Abmelden",
  endOthers: "Alle anderen Geräte abmelden",
  ended: "Sie wurden dort abgemeldet.",
  signedOut: { title: "Sie sind abgemeldet", text: "Sie können diese Seite schließen." },
  deleted: {
    title: "Ihr Konto wurde gelöscht",
    text: "Es lässt sich nicht wiederherstellen. E-Mail-Adresse und Telefonnummer können Sie für ein neues Konto verwenden.",
  },
};
