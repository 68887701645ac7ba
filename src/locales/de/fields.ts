import type { FieldsMessages } from "../en/fields.ts";

export const fields: FieldsMessages = {
  identifier: {
    label: "E-Mail, Telefon oder Benutzername",
    invalid: "Geben Sie Ihre E-Mail-Adresse, Telefonnummer oder Ihren Benutzernamen ein.",
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
    hint: "Mit Ländervorwahl, zum Beispiel +49 171 3920012. SMS können abgefangen werden: Geben Sie auch eine E-Mail-Adresse an.",
    nationalHint:
      "Ohne Ländervorwahl verwenden wir {code} ({country}). SMS können abgefangen werden: Geben Sie auch eine E-Mail-Adresse an.",
    invalid: "Geben Sie eine Mobilnummer ein, an die wir SMS senden können, zum Beispiel +49 171 3920012.",
    taken: "Es gibt bereits ein Konto mit dieser Telefonnummer.",
    unchanged: "Das ist bereits Ihre Telefonnummer.",
  },
  username: {
    label: "Benutzername",
    invalid:
      "Verwenden Sie 3 bis 32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche, mit einem Buchstaben am Anfang.",
    taken: "Dieser Benutzername ist vergeben.",
  },
  password: {
    label: "Passwort",
    invalid:
      "Geben Sie ein Passwort mit 8 bis 256 Zeichen ein, das schwer zu erraten und nicht Ihr Name oder Ihre Adresse ist.",
  },
  old_password: { label: "Aktuelles Passwort", invalid: "Geben Sie Ihr aktuelles Passwort ein." },
  new_password: {
    label: "Neues Passwort",
    hint: "Mindestens 8 Zeichen.",
    invalid:
      "Geben Sie ein Passwort mit 8 bis 256 Zeichen ein, das schwer zu erraten und nicht Ihr Name oder Ihre Adresse ist.",
  },
  confirm_password: { label: "Neues Passwort bestätigen", invalid: "Die Passwörter stimmen nicht überein." },
  otp: { label: "Code", hint: "6 oder 8 Ziffern.", invalid: "Geben Sie alle Ziffern des Codes ein." },
  first_name: { label: "Vorname", invalid: "Höchstens 100 Zeichen in einer Zeile." },
  last_name: { label: "Nachname", invalid: "Höchstens 100 Zeichen in einer Zeile." },
  short_description: { label: "Über Sie", invalid: "Höchstens 500 Zeichen." },
  contact: {
    label: "Bevorzugter Kontaktweg",
    invalid: "Wählen Sie eine E-Mail-Adresse oder Telefonnummer, die zu Ihrem Konto gehört.",
  },
  locale: { label: "Bevorzugte Sprache", invalid: "Wählen Sie eine Sprache." },
};
