import type { SocialMessages } from "../en/social.ts";

export const social: SocialMessages = {
  or: "ou",
  continueWith: "Continuer avec {provider}",
  lastUsed: "Dernière utilisation",
  exists:
    "Un compte existe déjà avec cet e-mail. Connectez-vous comme d’habitude, puis vous pourrez associer {provider}.",
  failures: {
    provider_denied: {
      title: "Connexion annulée",
      text: "Vous n’avez pas terminé la connexion avec {provider}. Rien n’a été modifié.",
    },
    provider_unavailable: {
      title: "{provider} ne répond pas",
      text: "Nous ne pouvons pas joindre {provider} pour le moment. Réessayez dans un instant ou connectez-vous autrement.",
    },
    provider_refused: {
      title: "Échec de la connexion",
      text: "Nous n’avons pas pu confirmer votre connexion avec {provider}. Réessayez ou connectez-vous autrement.",
    },
    provider_not_asked: {
      title: "Connectez-vous là-bas à nouveau",
      text: "{provider} ne vous a pas demandé de vous reconnecter. Déconnectez-vous là-bas et réessayez, ou utilisez une autre méthode.",
    },
    invalid_state: {
      title: "Cette connexion a expiré",
      text: "Elle a pris trop de temps, a déjà servi ou a commencé dans un autre navigateur. Recommencez ici.",
    },
    identity_exists: {
      title: "Compte non associé",
      text: "Ce compte {provider} est associé à un autre compte ici, ou vous en avez associé trop. Connectez-vous avec lui pour le vérifier, et dissociez-le d’abord là-bas.",
    },
    verification_required: {
      title: "Encore une étape",
      text: "{provider} n’a confirmé aucun e-mail à vous. Créez un compte avec votre e-mail ou connectez-vous. Associez ensuite {provider} dans les paramètres de votre compte.",
    },
  },
  otherWays: "Autres façons de se connecter",
  title: "Comptes associés",
  purpose: "Comptes d’autres services qui vous connectent ici.",
  count: { one: "{count} compte associé", other: "{count} comptes associés" },
  none: "Aucun pour l’instant",
  manage: "Gérer les comptes associés",
  linked: "Associé le {when}",
  link: "Associer {provider}",
  leaving: "{provider} vous demandera de vous y connecter. Ensuite, votre compte là-bas vous connectera aussi ici.",
  linkThis: "Ensuite, vous vous connecterez aussi ici avec ce compte {provider}.",
  linkNow: { submit: "Associer le compte" },
  account: "Compte {provider} sans e-mail",
  skip: "Pas maintenant",
  unlink: "Dissocier {provider}",
  removal: "Votre compte {provider} ne vous connectera plus ici.",
  lastWayIn: "C’est votre seule façon de vous connecter. Ajoutez d’abord une clé d’accès ou un mot de passe.",
  notices: {
    identityLinked: "Compte associé. Vous avez été déconnecté de tous les autres appareils.",
    identityUnlinked: "Compte dissocié. Vous avez été déconnecté de tous les autres appareils.",
  },
  otherAccount:
    "L’e-mail de ce compte appartient à un autre compte ici. Pour utiliser les deux ensemble, déconnectez-vous puis connectez-vous à l’autre.",
};
