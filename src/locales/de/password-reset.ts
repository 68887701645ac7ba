import type { PasswordResetMessages } from "../en/password-reset.ts";

export const passwordReset: PasswordResetMessages = {
  forgot: {
    title: "Passwort vergessen?",
    submit: "Weiter",
    haveCode: "Ich habe einen Code",
  },
  sent: {
    title: "Sehen Sie in Ihrem Posteingang nach",
    text: "Wenn es ein Konto gibt, haben wir einen Link zum Zurücksetzen des Passworts an dessen E-Mail-Adresse gesendet. Hat das Konto keine E-Mail-Adresse, gehen Sie zurück, und geben Sie die Telefonnummer ein.",
  },
  reset: {
    title: "Passwort zurücksetzen",
    lead: "Wenn es ein Konto gibt, haben wir einen Code gesendet. Geben Sie ihn hier ein.",
    submit: "Passwort zurücksetzen",
    verifyFirst: "Mein Code ist zum Bestätigen meiner Telefonnummer",
  },
};
