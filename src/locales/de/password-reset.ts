import type { PasswordResetMessages } from "../en/password-reset.ts";

export const passwordReset: PasswordResetMessages = {
  forgot: {
    title: "Passwort vergessen?",
    lead: "Geben Sie Ihre E-Mail-Adresse, Telefonnummer oder Ihren Benutzernamen ein. Wir helfen Ihnen, ein neues Passwort zu wählen.",
    submit: "Weiter",
    haveCode: "Ich habe einen Code",
  },
  sent: {
    title: "Sehen Sie in Ihr Postfach",
    text: "Wenn es zu {address} ein Konto gibt, haben wir einen Link an dessen E-Mail-Adresse gesendet. Er gilt {minutes}.",
    noEmail: "Ein Konto ohne E-Mail-Adresse bekommt einen Code: Gehen Sie zurück, und geben Sie die Telefonnummer ein.",
    resend: "Neuen Link senden",
    resendIn: "Neuen Link senden in {seconds} s",
    resent: "Wenn es das Konto gibt, ist ein neuer Link unterwegs.",
    edit: "Andere Adresse verwenden",
  },
  reset: {
    title: "Neues Passwort wählen",
    codeTitle: "Code eingeben",
    sentTo:
      "Wenn es zu {address} ein Konto gibt, haben wir einen Code gesendet. Geben Sie ihn ein, um ein neues Passwort zu wählen.",
    lead: "Geben Sie den Code ein, den wir Ihnen gesendet haben, und wählen Sie ein neues Passwort.",
    submit: "Passwort zurücksetzen",
    verifyFirst: "Mein Code ist zum Bestätigen meiner Telefonnummer",
    newLink: "Neuen Link senden",
  },
};
