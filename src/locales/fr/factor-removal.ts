import type { FactorRemovalMessages } from "../en/factor-removal.ts";

export const factorRemoval: FactorRemovalMessages = {
  lead: "Votre application d’authentification, vos clés d’accès et vos codes de récupération seront supprimés le {when}, car ils ont été signalés comme perdus. Gardez-les si c’est une erreur.",
  keep: { submit: "Garder mes moyens de connexion" },
  kept: "Vos moyens de connexion ne seront pas supprimés.",
};
