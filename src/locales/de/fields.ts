import type { FieldsMessages } from "../en/fields.ts";

export const fields: FieldsMessages = {
  identifier: {
    label: "E-Mail, Telefon oder Benutzername",
    invalid: "Geben Sie Ihre E-Mail-Adresse, Ihre Telefonnummer oder Ihren Benutzernamen ein.",
  },
  address: {
    label: "E-Mail oder Telefon",
    invalid: "Geben Sie Ihre E-Mail-Adresse oder Telefonnummer ein.",
  },
  email: {
    label: "E-Mail",
    invalid: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel jane@example.com.",
    taken: "Es gibt bereits ein Konto mit dieser E-Mail-Adresse.",
    unchanged: "Das ist bereits Ihre E-Mail-Adresse.",
  },
  phone: {
    label: "Telefon",
    hint: "Mit Ländervorwahl, zum Beispiel +49\u00a0171\u00a03920012. SMS lassen sich abfangen. Geben Sie deshalb auch eine E-Mail-Adresse an.",
    nationalHint:
      "Ohne Ländervorwahl verwenden wir {code} ({country}). SMS lassen sich abfangen. Geben Sie deshalb auch eine E-Mail-Adresse an.",
    invalid: "Geben Sie eine Mobilnummer ein, an die wir SMS senden können, zum Beispiel +49\u00a0171\u00a03920012.",
    taken: "Es gibt bereits ein Konto mit dieser Telefonnummer.",
    unchanged: "Das ist bereits Ihre Telefonnummer.",
  },
  username: {
    label: "Benutzername",
    invalid:
      "Verwenden Sie 3 bis 32 Buchstaben, Ziffern, Punkte, Bindestriche oder Unterstriche. Beginnen Sie mit einem Buchstaben.",
    taken: "Dieser Benutzername ist vergeben.",
  },
  password: {
    label: "Passwort",
    invalid: "Verwenden Sie 8 bis 256 Zeichen. Vermeiden Sie Ihren Namen und alles, was leicht zu erraten ist.",
  },
  old_password: { label: "Aktuelles Passwort", invalid: "Geben Sie Ihr aktuelles Passwort ein." },
  new_password: {
    label: "Neues Passwort",
    hint: "Mindestens 8 Zeichen.",
    invalid: "Verwenden Sie 8 bis 256 Zeichen. Vermeiden Sie Ihren Namen und alles, was leicht zu erraten ist.",
  },
  otp: { label: "Code", hint: "6 Ziffern.", invalid: "Geben Sie alle Ziffern des Codes ein." },
  code: { label: "Code", invalid: "Geben Sie alle Zeichen des Codes ein." },
  first_name: { label: "Vorname", invalid: "Verwenden Sie höchstens 100 Zeichen in einer Zeile." },
  last_name: { label: "Nachname", invalid: "Verwenden Sie höchstens 100 Zeichen in einer Zeile." },
  name: { label: "Name", invalid: "Verwenden Sie 1 bis 60 Zeichen." },
  scopes: { label: "Berechtigungen", invalid: "Wählen Sie mindestens eine Berechtigung." },
  expires_in: { label: "Läuft ab nach", invalid: "Wählen Sie, wie lange der Schlüssel gilt." },
  short_description: { label: "Über Sie", invalid: "Verwenden Sie höchstens 500 Zeichen." },
  contact: {
    label: "Bevorzugter Kontaktweg",
    invalid: "Wählen Sie eine E-Mail-Adresse oder Telefonnummer, die zu Ihrem Konto gehört.",
  },
  locale: { label: "Bevorzugte Sprache", invalid: "Wählen Sie eine Sprache." },
};
