import type { VerificationMessages } from "../en/verification.ts";

export const verification: VerificationMessages = {
  title: "E-Mail oder Telefon bestätigen",
  lead: "Geben Sie den Code ein, den wir Ihnen gesendet haben.",
  submit: "Bestätigen",
  resend: "Neuen Code senden",
  resent: "Wenn diese E-Mail-Adresse oder Telefonnummer noch nicht bestätigt ist, ist ein neuer Code unterwegs.",
};
