import type { PasskeysMessages } from "../en/passkeys.ts";

export const passkeys: PasskeysMessages = {
  signIn: { submit: "Usar una llave de acceso" },
  use: { submit: "Usar tu llave de acceso" },
  refused: "No se aceptó esta llave de acceso. Inténtalo de nuevo o elige otra forma.",
  unused: "No se usó ninguna llave de acceso. Inténtalo de nuevo o elige otra forma.",
  unsupported: "Para usar una llave de acceso necesitas un navegador actual con JavaScript activado.",
  lead: "Usa tu huella, tu rostro, el bloqueo de pantalla o una llave de seguridad.",
  title: "Llaves de acceso",
  purpose:
    "Las llaves de acceso inician tu sesión con tu huella, tu rostro o el bloqueo de pantalla. Ningún sitio falso puede robarlas.",
  count: { one: "{count} llave de acceso", other: "{count} llaves de acceso" },
  none: "Ninguna todavía",
  manage: "Administrar llaves de acceso",
  added: "Agregada: {when}",
  lastUsed: "Último uso: {when}",
  neverUsed: "Sin usar todavía",
  synced: "Sincronizada",
  add: "Agregar llave de acceso",
  adding:
    "Tu navegador preguntará dónde guardar la llave de acceso: en este dispositivo, en un gestor de contraseñas o en una llave de seguridad. Desde entonces no bastará con tu contraseña para iniciar sesión.",
  create: { submit: "Crear llave de acceso" },
  exists: "Este dispositivo ya tiene una llave de acceso de tu cuenta.",
  notCreated: "No se creó ninguna llave de acceso. Inténtalo de nuevo.",
  rejected: "No se pudo agregar la llave de acceso. Inténtalo de nuevo.",
  rename: "Renombrar llave de acceso",
  save: { submit: "Guardar" },
  remove: "Eliminar llave de acceso",
  removal: "La llave de acceso «{name}» ya no iniciará tu sesión.",
  lastWayIn: "Es tu única forma de iniciar sesión. Agrega antes otra llave de acceso o una contraseña.",
  notices: {
    passkeyAdded: "Llave de acceso agregada. Cerramos tu sesión en los demás dispositivos.",
    passkeyRenamed: "Nombre de la llave de acceso actualizado.",
    passkeyRemoved: "Llave de acceso eliminada. Cerramos tu sesión en los demás dispositivos.",
  },
};
