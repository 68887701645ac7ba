import type { OauthMessages } from "../en/oauth.ts";

export const oauth: OauthMessages = {
  title: "{client} möchte Ihr Konto verwenden",
  lead: "{client} gehört nicht zu diesem Dienst. Die App möchte:",
  ownLead: "{client} möchte:",
  scopes: {
    openid: "Erkennen, welches Konto Ihres ist",
    profile: "Ihren Namen und Ihr Profil sehen",
    email: "Ihre E-Mail-Adresse sehen",
    phone: "Ihre Telefonnummer sehen",
    offline_access: "Verbunden bleiben, auch wenn Sie sie nicht benutzen",
    account: "Ihr Konto verwalten",
  },
  signedInAs: "Angemeldet als {name}",
  another: { submit: "Anderes Konto verwenden" },
  unchecked: "Niemand hat diese App hier geprüft. Ihre Adresse ist {host}.",
  resource: "Dieser Zugriff gilt für {host}.",
  returns: "Danach geht es zurück zu {host}.",
  revocable: "Sie können den Zugriff später in Ihrem Konto entziehen.",
  local: "Die App läuft auf Ihrem Gerät. Lassen Sie sie nur zu, wenn Sie sie gerade selbst gestartet haben.",
  allow: { submit: "Zulassen" },
  deny: { submit: "Nicht zulassen" },
  leaving: { title: "Zurück zu {client}", link: "Weiter" },
  device: {
    title: "Ein Gerät verbinden",
    lead: "Geben Sie den Code ein, den die App oder das Gerät anzeigt.",
    next: { submit: "Weiter" },
    wrong: "Dieser Code ist falsch oder abgelaufen. Prüfen Sie ihn, oder holen Sie auf dem Gerät einen neuen.",
    warning:
      "Prüfen Sie, ob Ihr Gerät den Code {code} anzeigt. Wenn Ihnen jemand diesen Code geschickt hat, lassen Sie es nicht zu: Er käme damit in Ihr Konto.",
    allowed: "Fertig. Gehen Sie zurück zu Ihrem Gerät. Dort geht es in wenigen Sekunden weiter.",
    denied: "Das Gerät hat keinen Zugriff auf Ihr Konto. Sie können diese Seite schließen.",
  },
  refused: {
    title: "Dieser Link funktioniert nicht",
    text: "Die App, von der Sie kommen, hat einen Fehler gemacht oder ist hier nicht bekannt. Gehen Sie zu ihr zurück, und versuchen Sie es noch einmal. Wenn das nicht hilft, wenden Sie sich an den Anbieter der App.",
  },
};
