import type { PasswordResetMessages } from "../en/password-reset.ts";

export const passwordReset: PasswordResetMessages = {
  forgot: {
    title: "Passwort vergessen?",
    lead: "Geben Sie Ihre E-Mail-Adresse, Ihre Telefonnummer oder Ihren Benutzernamen ein. Mit einem Link oder Code, den wir Ihnen senden, legen Sie ein neues Passwort fest.",
    submit: "Weiter",
    haveCode: "Ich habe einen Code",
  },
  sent: {
    title: "Prüfen Sie Ihr Postfach",
    text: "Wenn es zu {address} ein Konto gibt, haben wir einen Link an dessen E-Mail-Adresse gesendet. Er läuft in {minutes} ab.",
    noEmail:
      "Falls das Konto keine E-Mail-Adresse hat, gehen Sie zurück und geben Sie die Telefonnummer ein, um einen Code zu erhalten.",
    resend: "Neuen Link senden",
    resendIn: "Neuer Link in {seconds} s",
    resent: "Wenn es ein Konto gibt, ist ein neuer Link unterwegs.",
    edit: "Andere Adresse oder Nummer verwenden",
  },
  reset: {
    title: "Neues Passwort festlegen",
    codeTitle: "Code eingeben",
    sentTo:
      "Wenn es zu {address} ein Konto gibt, haben wir einen Code gesendet. Geben Sie ihn ein, um ein neues Passwort festzulegen.",
    lead: "Geben Sie den Code ein, den wir Ihnen gesendet haben, und legen Sie ein neues Passwort fest.",
    codeHint: "6 oder 8 Ziffern.",
    submit: "Passwort zurücksetzen",
    verifyFirst: "Mein Code dient zur Bestätigung meiner Telefonnummer",
    newLink: "Neuen Link senden",
  },
};
