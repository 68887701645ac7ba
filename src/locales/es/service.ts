import type { ServiceMessages } from "../en/service.ts";

export const service: ServiceMessages = {
  running: "El servicio está funcionando",
  welcome: "Esta página solo se muestra en tu propio equipo.",
  outbox: "Bandeja de salida",
  outboxEmpty: "Aún no hay mensajes.",
  docs: "Documentación",
};
