import type { ServiceMessages } from "../en/service.ts";

export const service: ServiceMessages = {
  welcome: "El servicio está funcionando. Esta página solo se muestra en tu propio equipo.",
  outbox: "Bandeja de salida",
  outboxEmpty: "Aún no hay mensajes.",
  docs: "Documentación",
};
