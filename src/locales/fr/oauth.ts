import type { OauthMessages } from "../en/oauth.ts";

export const oauth: OauthMessages = {
  title: "{client} souhaite utiliser votre compte",
  lead: "{client} ne fait pas partie de ce service. L’application demande à\u202f:",
  ownLead: "{client} demande à\u202f:",
  scopes: {
    openid: "Savoir quel compte est le vôtre",
    profile: "Voir votre nom et votre profil",
    email: "Voir votre adresse e-mail",
    phone: "Voir votre numéro de téléphone",
    offline_access: "Rester connectée quand vous ne l’utilisez pas",
    account: "Gérer votre compte",
  },
  signedInAs: "Connecté en tant que {name}",
  another: { submit: "Utiliser un autre compte" },
  unchecked: "Personne ici n’a vérifié cette application. Son adresse est {host}.",
  resource: "Cet accès concerne {host}.",
  returns: "Vous reviendrez ensuite sur {host}.",
  revocable: "Vous pourrez retirer l’accès plus tard dans votre compte.",
  local: "L’application s’exécute sur votre appareil. Autorisez-la seulement si vous venez de la lancer vous-même.",
  allow: { submit: "Autoriser" },
  deny: { submit: "Ne pas autoriser" },
  leaving: { title: "Retour à {client}", link: "Continuer" },
  device: {
    title: "Connecter un appareil",
    lead: "Saisissez le code affiché par l’application ou l’appareil.",
    next: { submit: "Continuer" },
    wrong: "Ce code est erroné ou a expiré. Vérifiez-le, ou demandez-en un nouveau sur l’appareil.",
    warning:
      "Vérifiez que votre appareil affiche le code {code}. Si quelqu’un vous a envoyé ce code, n’autorisez rien\u202f: cette personne accéderait à votre compte.",
    allowed: "C’est fait. Revenez à votre appareil, qui continuera dans quelques secondes.",
    denied: "L’appareil n’a pas accès à votre compte. Vous pouvez fermer cette page.",
  },
  refused: {
    title: "Ce lien ne fonctionne pas",
    text: "L’application d’où vous venez a fait une erreur, ou n’est pas connue ici. Revenez-y et réessayez. Si cela ne suffit pas, signalez-le à ses auteurs.",
  },
};
