import type { ApiKeysMessages } from "../en/api-keys.ts";

export const apiKeys: ApiKeysMessages = {
  title: "Claves de API",
  purpose: "Claves para programas que usan tu cuenta.",
  manage: "Gestionar claves de API",
  lead: "Un programa que tenga una de estas claves puede actuar en tu nombre como se indica.",
  none: "Aún no hay claves de API.",
  create: "Crear clave de API",
  creating: "Da a la clave solo los permisos que el programa necesita. Puedes revocarla en cualquier momento.",
  validity: { days: "{days} días", year: "1 año", never: "Nunca" },
  created: "Creada: {when}",
  expires: "Caduca: {when}",
  expired: "Caducada",
  endless: "No caduca",
  revoke: "Revocar",
  revoked: "Se revocó la clave de API. Ya no funciona.",
  revocation: {
    title: "¿Revocar {name}?",
    lead: "Los programas que usan esta clave ya no podrán actuar en tu nombre. No se puede deshacer.",
  },
  shown: {
    title: "Copia tu clave de API",
    lead: "Copia la clave ahora y guárdala como una contraseña. No volverás a verla.",
    submit: "Ya la guardé",
  },
  tooMany: "Tienes 50 claves de API. Revoca primero una que ya no uses.",
};
