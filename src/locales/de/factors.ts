import type { FactorsMessages } from "../en/factors.ts";

export const factors: FactorsMessages = {
  code: {
    title: "Code eingeben",
    submit: "Weiter",
    totp: {
      lead: "Öffnen Sie Ihre Authenticator-App und geben Sie den Code für dieses Konto ein.",
      label: "Code aus der App",
      hint: "6 Ziffern. Sie ändern sich alle 30 Sekunden.",
      wrong:
        "Dieser Code ist falsch oder wurde bereits verwendet. Geben Sie den Code ein, den die App jetzt anzeigt. Wenn es weiterhin nicht klappt, schalten Sie auf Ihrem Telefon die automatische Uhrzeit ein.",
    },
    recovery_code: {
      lead: "Geben Sie einen Ihrer gespeicherten Wiederherstellungscodes ein. Jeder gilt nur einmal.",
      label: "Wiederherstellungscode",
      hint: "10 Buchstaben und Ziffern.",
      wrong: "Dieser Code ist falsch oder wurde bereits verwendet. Geben Sie einen anderen ein.",
    },
    others: {
      passkey: "Passkey verwenden",
      totp: "Authenticator-App verwenden",
      recovery_code: "Wiederherstellungscode verwenden",
    },
    locked: "Zu viele Fehlversuche. Warten Sie eine Weile und versuchen Sie es dann noch einmal.",
  },
  identity: {
    title: "Bestätigen Sie, dass Sie es sind",
    lead: "Sie sind dabei, etwas Wichtiges an Ihrem Konto zu ändern.",
    codeLead: "Zuerst senden wir Ihnen einen Code.",
  },
  notices: {
    totpAdded: "Authenticator-App hinzugefügt. Sie wurden auf allen anderen Geräten abgemeldet.",
    totpRemoved: "Authenticator-App entfernt. Sie wurden auf allen anderen Geräten abgemeldet.",
    codesCreated: "Neue Wiederherstellungscodes erstellt. Sie wurden auf allen anderen Geräten abgemeldet.",
  },
  codeUsed: {
    one: "Sie haben sich mit einem Wiederherstellungscode angemeldet. {count} Code ist noch übrig.",
    other: "Sie haben sich mit einem Wiederherstellungscode angemeldet. {count} Codes sind noch übrig.",
  },
  app: {
    title: "Authenticator-App",
    purpose:
      "Fragt nach dem Passwort auch nach einem Code aus der App. Ein gestohlenes Passwort reicht dann nicht zum Anmelden.",
    notSetUp: "Nicht eingerichtet",
    added: "Hinzugefügt: {when}",
    add: "Authenticator-App hinzufügen",
    remove: "Authenticator-App entfernen",
    lead: "Sie brauchen eine App, die Anmeldecodes anzeigt, etwa Google Authenticator oder Ihren Passwortmanager. Danach genügt Ihr Passwort allein nicht mehr zum Anmelden: Sie geben auch einen Code ein.",
    expired: "Die Einrichtung ist abgelaufen. Beginnen Sie noch einmal.",
    setUp: "Authenticator-App einrichten",
    scan: "Scannen Sie diesen QR-Code mit Ihrer Authenticator-App.",
    qrCode: "QR-Code mit dem Schlüssel, der darunter steht",
    key: "Oder geben Sie diesen Schlüssel in der App ein:",
    enter: "Geben Sie dann den Code ein, den die App anzeigt.",
    confirm: { submit: "Bestätigen" },
    removal: "Mit Codes aus dieser App können Sie sich dann nicht mehr anmelden.",
  },
  codes: {
    title: "Wiederherstellungscodes",
    purpose: "Damit melden Sie sich an, wenn Sie das Gerät mit Ihrer App oder Ihrem Passkey verlieren.",
    left: { one: "Noch {count} Code", other: "Noch {count} Codes" },
    low: "Erstellen Sie neue, bevor sie aufgebraucht sind.",
    renewal: "Ihre bisherigen Wiederherstellungscodes gelten dann nicht mehr.",
    saveTitle: "Speichern Sie Ihre Codes",
    lead: "Wenn Sie das Gerät mit Ihrer App oder Ihrem Passkey verlieren, melden Sie sich mit Ihrem Passwort und einem dieser Codes an. Jeder gilt nur einmal. Bewahren Sie sie sicher auf, etwa in einem Passwortmanager: Wir zeigen sie nicht noch einmal an.",
    saved: { submit: "Ich habe sie gespeichert" },
  },
  lastFactor: "Zum Anmelden genügt dann allein Ihr Passwort, und Ihre Wiederherstellungscodes gelten nicht mehr.",
  acts: {
    copy: "Kopieren",
    copied: "Kopiert",
    download: "Herunterladen",
    print: "Drucken",
    create: "Neue Codes erstellen",
  },
};
