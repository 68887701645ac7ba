import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Mostrar",
  hide: "Ocultar",
  language: "Idioma",
  labeled: "{label}: {value}",
  captchaNeedsScript:
    "La verificación de seguridad necesita JavaScript. Activa JavaScript y vuelve a cargar esta página.",
  unknownDevice: "Dispositivo desconocido",
  deviceName: "{browser} en {os}",
};
