import type { PasskeysMessages } from "../en/passkeys.ts";

export const passkeys: PasskeysMessages = {
  signIn: { submit: "Utiliser une clé d’accès" },
  use: { submit: "Utiliser votre clé d’accès" },
  refused: "Cette clé d’accès n’a pas été acceptée. Réessayez ou choisissez un autre moyen.",
  unused: "Aucune clé d’accès n’a été utilisée. Réessayez ou choisissez un autre moyen.",
  unsupported: "Pour utiliser une clé d’accès, il vous faut un navigateur récent avec JavaScript activé.",
  lead: "Utilisez votre empreinte, votre visage, le verrouillage de l’écran ou une clé de sécurité.",
  title: "Clés d’accès",
  purpose:
    "Les clés d’accès vous connectent avec votre empreinte, votre visage ou le verrouillage de l’écran. Aucun faux site ne peut les voler.",
  count: { one: "{count} clé d’accès", other: "{count} clés d’accès" },
  none: "Aucune pour le moment",
  manage: "Gérer les clés d’accès",
  added: "Ajoutée\u202f: {when}",
  lastUsed: "Dernière utilisation\u202f: {when}",
  neverUsed: "Pas encore utilisée",
  synced: "Synchronisée",
  add: "Ajouter une clé d’accès",
  adding:
    "Votre navigateur demandera où conserver la clé d’accès\u202f: sur cet appareil, dans un gestionnaire de mots de passe ou sur une clé de sécurité. Votre mot de passe seul ne suffira alors plus pour vous connecter.",
  create: { submit: "Créer la clé d’accès" },
  exists: "Cet appareil a déjà une clé d’accès pour votre compte.",
  notCreated: "Aucune clé d’accès n’a été créée. Réessayez.",
  rejected: "La clé d’accès n’a pas pu être ajoutée. Réessayez.",
  rename: "Renommer la clé d’accès",
  save: { submit: "Enregistrer" },
  remove: "Supprimer la clé d’accès",
  removal: "La clé d’accès «\u202f{name}\u202f» ne vous connectera plus.",
  lastWayIn: "C’est votre seul moyen de vous connecter. Ajoutez d’abord une autre clé d’accès ou un mot de passe.",
  notices: {
    passkeyAdded: "Clé d’accès ajoutée. Tous vos autres appareils ont été déconnectés.",
    passkeyRenamed: "Clé d’accès renommée.",
    passkeyRemoved: "Clé d’accès supprimée. Tous vos autres appareils ont été déconnectés.",
  },
};
