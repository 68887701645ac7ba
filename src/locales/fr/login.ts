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
  noCookies:
    "Votre navigateur bloque le cookie qui maintient votre connexion. Autorisez les cookies pour ce site, puis connectez-vous à nouveau.",
  continue: {
    title: "Continuer vers votre compte",
    text: "Un autre site vous a dirigé ici.",
    link: "Continuer",
  },
};
