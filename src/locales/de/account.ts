import type { AccountMessages } from "../en/account.ts";

export const account: AccountMessages = {
  title: "Ihr Konto",
  nav: {
    account: "Konto",
    sessions: "Sitzungen",
    activity: "Aktivität",
    signOut: "Abmelden",
  },
  notices: {
    verified: "Ihre E-Mail-Adresse oder Telefonnummer ist bestätigt.",
    saved: "Profil gespeichert.",
    usernameChanged: "Benutzername und Kontakt gespeichert.",
    passwordChanged: "Passwort geändert. Sie wurden auf allen anderen Geräten abgemeldet.",
    emailChanged: "E-Mail-Adresse geändert.",
    phoneChanged: "Telefonnummer geändert.",
    emailRemoved: "E-Mail-Adresse entfernt. Sie wurden auf allen anderen Geräten abgemeldet.",
    phoneRemoved: "Telefonnummer entfernt. Sie wurden auf allen anderen Geräten abgemeldet.",
    otherUser:
      "Nachdem das Formular geöffnet wurde, hat sich in diesem Browser jemand anderes angemeldet. Es wurde nichts geändert.",
  },
  notSet: "Nicht angegeben",
  verified: "bestätigt",
  notVerified: "nicht bestätigt",
  profile: { title: "Profil", change: "Profil bearbeiten", save: "Speichern", noPreference: "Keine Angabe" },
  username: { title: "Benutzername und Kontakt", change: "Benutzername oder Kontakt ändern" },
  email: {
    title: "E-Mail",
    change: "E-Mail ändern",
    confirm: "Neue E-Mail-Adresse bestätigen",
    remove: "E-Mail-Adresse entfernen",
    removal: "Danach können Sie sich mit dieser Adresse nicht mehr anmelden und Ihr Passwort nicht mehr zurücksetzen.",
  },
  phone: {
    title: "Telefon",
    change: "Telefonnummer ändern",
    confirm: "Neue Telefonnummer bestätigen",
    remove: "Telefonnummer entfernen",
    removal: "Danach können Sie sich mit dieser Nummer nicht mehr anmelden und Ihr Passwort nicht mehr zurücksetzen.",
  },
  confirmation: { lead: "Geben Sie den Code ein, den wir Ihnen gesendet haben.", submit: "Bestätigen" },
  password: { title: "Passwort", change: "Passwort ändern" },
  deletion: {
    title: "Konto löschen",
    lead: "Ihr Konto wird sofort gelöscht. Das lässt sich nicht rückgängig machen.",
    submit: "Konto löschen",
  },
};
