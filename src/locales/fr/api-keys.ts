import type { ApiKeysMessages } from "../en/api-keys.ts";

export const apiKeys: ApiKeysMessages = {
  title: "Clés d’API",
  purpose: "Des clés pour les programmes qui utilisent votre compte.",
  manage: "Gérer les clés d’API",
  lead: "Un programme qui détient l’une de ces clés peut agir en votre nom comme indiqué.",
  none: "Aucune clé d’API pour l’instant.",
  create: "Créer une clé d’API",
  creating:
    "Ne donnez à la clé que les autorisations dont le programme a besoin. Vous pouvez la révoquer à tout moment.",
  validity: { days: "{days} jours", year: "1 an", never: "Jamais" },
  created: "Création\u202f: {when}",
  expires: "Expiration\u202f: {when}",
  expired: "Expirée",
  endless: "N’expire pas",
  revoke: "Révoquer",
  revoked: "La clé d’API a été révoquée. Elle ne fonctionne plus.",
  revocation: {
    title: "Révoquer {name}\u202f?",
    lead: "Les programmes qui utilisent cette clé ne pourront plus agir en votre nom. Cette action est irréversible.",
  },
  shown: {
    title: "Copiez votre clé d’API",
    lead: "Copiez la clé maintenant et conservez-la comme un mot de passe. Vous ne la reverrez plus.",
    submit: "Je l’ai enregistrée",
  },
  tooMany: "Vous avez 50 clés d’API. Révoquez d’abord celle dont vous n’avez plus besoin.",
};
