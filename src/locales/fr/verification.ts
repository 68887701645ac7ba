import type { VerificationMessages } from "../en/verification.ts";

export const verification: VerificationMessages = {
  title: "Saisissez votre code",
  titleEmail: "Consultez votre messagerie",
  sentTo: "Saisissez le code que nous avons envoyé à {address}.",
  lead: "Saisissez le code que nous vous avons envoyé.",
  submit: "Continuer",
  notReceived: "Vous n’avez rien reçu\u202f? Regardez dans vos courriers indésirables.",
  resend: "Envoyer un nouveau code",
  resendIn: "Nouveau code dans {seconds}\u202fs",
  resent: "Si la vérification n’est pas encore faite, un nouveau code est en route.",
  required: "Vérifiez votre adresse e-mail ou votre numéro de téléphone avant de vous connecter.",
  edit: "Utiliser une autre adresse ou un autre numéro",
};
