import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Se connecter",
  notices: {
    verified: "Votre adresse e-mail ou votre numéro de téléphone est vérifié. Vous pouvez maintenant vous connecter.",
    reset: "Votre mot de passe a été réinitialisé. Connectez-vous avec le nouveau.",
    unsent:
      "Votre session avait pris fin, rien n’a donc été enregistré. Connectez-vous, puis envoyez à nouveau le formulaire.",
    expired: "Votre connexion a expiré. Recommencez.",
  },
  code: {
    title: "Se connecter avec un code",
    lead: "Nous vous enverrons un code pour vous connecter.",
    submit: "M’envoyer un code",
    submitMail: "Recevoir un code par e-mail",
    otherWay: "Se connecter autrement",
    sentIf: "Si un compte existe pour {address}, nous lui avons envoyé un code.",
    mailedIf:
      "Si un compte existe pour {address}, nous lui avons envoyé un e-mail. Saisissez le code ou ouvrez le lien dans ce navigateur.",
    mailed: "Nous avons envoyé un e-mail à {address}. Saisissez le code ou ouvrez le lien dans ce navigateur.",
    resent: "Un nouveau code est en route, s’il peut être envoyé.",
    link: {
      lead: "Connectez-vous à votre compte dans ce navigateur.",
      elsewhere: "Vous avez demandé cet e-mail dans un autre navigateur. Retournez-y et saisissez ce code\u202f:",
      warning: "Ne le saisissez nulle part ailleurs. Si vous ne l’avez pas demandé, fermez cette page.",
    },
  },
  noCookies:
    "Votre navigateur bloque le cookie qui maintient votre connexion. Autorisez les cookies pour ce site, puis connectez-vous à nouveau.",
  continue: {
    title: "Continuer vers votre compte",
    text: "Un autre site vous a dirigé ici.",
    link: "Continuer",
  },
};
