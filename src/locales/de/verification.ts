import type { VerificationMessages } from "../en/verification.ts";

export const verification: VerificationMessages = {
  title: "Code eingeben",
  titleEmail: "Prüfen Sie Ihr Postfach",
  sentTo: "Geben Sie den Code ein, den wir an {address} gesendet haben.",
  lead: "Geben Sie den Code ein, den wir Ihnen gesendet haben.",
  submit: "Weiter",
  notReceived: "Nichts angekommen? Sehen Sie im Spam-Ordner nach.",
  resend: "Neuen Code senden",
  resendIn: "Neuer Code in {seconds} s",
  resent: "Falls die Bestätigung noch aussteht, ist ein neuer Code unterwegs.",
  required: "Bestätigen Sie Ihre E-Mail-Adresse oder Telefonnummer, bevor Sie sich anmelden.",
  edit: "Andere Adresse oder Nummer verwenden",
};
