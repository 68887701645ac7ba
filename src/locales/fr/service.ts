import type { ServiceMessages } from "../en/service.ts";

export const service: ServiceMessages = {
  welcome: "Le service fonctionne. Cette page ne s’affiche que sur votre propre machine.",
  outbox: "Messages envoyés",
  outboxEmpty: "Aucun message pour le moment.",
  docs: "Documentation",
};
