import type { EnrollmentMessages } from "../en/enrollment.ts";

export const enrollment: EnrollmentMessages = {
  title: "Ajoutez une seconde étape",
  lead: "Ce site exige une seconde étape pour se connecter. Configurez-en une pour continuer.",
  other: "Choisir un autre moyen",
  required:
    "Ce site exige une seconde étape pour se connecter, et vous n’avez que celle-ci. Ajoutez-en d’abord une autre.",
};
