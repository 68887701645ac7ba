import type { PasswordResetMessages } from "../en/password-reset.ts";

export const passwordReset: PasswordResetMessages = {
  forgot: {
    title: "Mot de passe oublié\u202f?",
    lead: "Saisissez votre adresse e-mail, votre numéro de téléphone ou votre nom d’utilisateur. Nous vous enverrons un lien ou un code pour choisir un nouveau mot de passe.",
    submit: "Continuer",
    haveCode: "J’ai un code",
  },
  sent: {
    title: "Consultez votre messagerie",
    text: "Si un compte existe pour {address}, nous avons envoyé un lien à son adresse e-mail. Le lien expire dans {minutes}.",
    noEmail:
      "Si le compte n’a pas d’adresse e-mail, revenez en arrière et saisissez son numéro de téléphone pour recevoir un code.",
    resend: "Envoyer un nouveau lien",
    resendIn: "Nouveau lien dans {seconds}\u202fs",
    resent: "Si un compte existe, un nouveau lien est en route.",
    edit: "Utiliser une autre adresse ou un autre numéro",
  },
  reset: {
    title: "Choisissez un nouveau mot de passe",
    codeTitle: "Saisissez votre code",
    sentTo:
      "Si un compte existe pour {address}, nous lui avons envoyé un code. Saisissez-le pour choisir un nouveau mot de passe.",
    lead: "Saisissez le code que nous vous avons envoyé et choisissez un nouveau mot de passe.",
    codeHint: "6 ou 8 chiffres.",
    submit: "Réinitialiser le mot de passe",
    verifyFirst: "Mon code sert à vérifier mon numéro de téléphone",
    newLink: "Envoyer un nouveau lien",
  },
};
