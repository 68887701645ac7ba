import type { ServiceMessages } from "../en/service.ts";

export const service: ServiceMessages = {
  running: "Le service fonctionne",
  welcome: "Cette page ne s’affiche que sur votre propre machine.",
  outbox: "Messages envoyés",
  outboxEmpty: "Aucun message pour le moment.",
  docs: "Documentation",
};
