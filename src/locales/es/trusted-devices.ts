import type { TrustedDevicesMessages } from "../en/trusted-devices.ts";

export const trustedDevices: TrustedDevicesMessages = {
  trust: {
    one: "No volver a preguntar en este navegador durante {count} día",
    other: "No volver a preguntar en este navegador durante {count} días",
  },
  title: "Navegadores de confianza",
  lead: "En estos navegadores inicias sesión sin el segundo paso.",
  none: "Ninguno todavía. Puedes confiar en un navegador en el segundo paso de un inicio de sesión.",
  until: "De confianza hasta: {when}",
  ended: "El próximo inicio de sesión allí pedirá el segundo paso.",
};
