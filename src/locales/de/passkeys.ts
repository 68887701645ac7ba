import type { PasskeysMessages } from "../en/passkeys.ts";

export const passkeys: PasskeysMessages = {
  signIn: { submit: "Mit Passkey anmelden" },
  use: { submit: "Passkey verwenden" },
  refused: "Dieser Passkey wurde nicht akzeptiert. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.",
  unused: "Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.",
  unsupported: "Für einen Passkey brauchen Sie einen aktuellen Browser, in dem JavaScript eingeschaltet ist.",
  lead: "Verwenden Sie Fingerabdruck, Gesicht, Displaysperre oder Sicherheitsschlüssel.",
  title: "Passkeys",
  purpose:
    "Mit Passkeys melden Sie sich per Fingerabdruck, Gesicht oder Displaysperre an. Gefälschte Websites können sie nicht stehlen.",
  count: { one: "{count} Passkey", other: "{count} Passkeys" },
  none: "Noch keine",
  manage: "Passkeys verwalten",
  added: "Hinzugefügt: {when}",
  lastUsed: "Zuletzt verwendet: {when}",
  neverUsed: "Noch nicht verwendet",
  synced: "Synchronisiert",
  add: "Passkey hinzufügen",
  adding:
    "Ihr Browser fragt, wo der Passkey gespeichert werden soll: auf diesem Gerät, in einem Passwortmanager oder auf einem Sicherheitsschlüssel. Danach genügt Ihr Passwort allein nicht mehr zum Anmelden.",
  create: { submit: "Passkey erstellen" },
  exists: "Auf diesem Gerät gibt es bereits einen Passkey für Ihr Konto.",
  notCreated: "Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal.",
  rejected: "Der Passkey konnte nicht hinzugefügt werden. Versuchen Sie es noch einmal.",
  rename: "Passkey umbenennen",
  save: { submit: "Speichern" },
  remove: "Passkey entfernen",
  removal: "Mit dem Passkey „{name}“ können Sie sich dann nicht mehr anmelden.",
  lastWayIn:
    "Er ist Ihre einzige Anmeldemethode. Fügen Sie zuerst einen weiteren Passkey hinzu oder legen Sie ein Passwort fest.",
  notices: {
    passkeyAdded: "Passkey hinzugefügt. Sie wurden auf allen anderen Geräten abgemeldet.",
    passkeyRenamed: "Passkey umbenannt.",
    passkeyRemoved: "Passkey entfernt. Sie wurden auf allen anderen Geräten abgemeldet.",
  },
};
