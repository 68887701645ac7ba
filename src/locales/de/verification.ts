import type { VerificationMessages } from "../en/verification.ts";

export const verification: VerificationMessages = {
  title: "Code eingeben",
  titleEmail: "Sehen Sie in Ihr Postfach",
  sentTo: "Geben Sie den Code ein, den wir an {address} gesendet haben.",
  lead: "Geben Sie Ihre E-Mail-Adresse oder Telefonnummer ein und den Code, den wir dorthin gesendet haben.",
  submit: "Weiter",
  notReceived: "Nichts angekommen? Sehen Sie im Spam-Ordner nach.",
  resend: "Neuen Code senden",
  resendIn: "Neuen Code senden in {seconds} s",
  resent: "Wenn diese Adresse noch nicht bestätigt ist, ist ein neuer Code unterwegs.",
  required: "Bestätigen Sie Ihre Adresse, bevor Sie sich anmelden.",
  edit: "Andere Adresse verwenden",
};
