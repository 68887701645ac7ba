import type { ServiceMessages } from "../en/service.ts";

export const service: ServiceMessages = {
  running: "Der Dienst läuft",
  welcome: "Diese Seite sehen Sie nur auf Ihrem eigenen Rechner.",
  outbox: "Postausgang",
  outboxEmpty: "Noch keine Nachrichten.",
  docs: "Dokumentation",
};
