import type { SessionsMessages } from "../en/sessions.ts";

export const sessions: SessionsMessages = {
  title: "Dónde iniciaste sesión",
  thisDevice: "Este dispositivo",
  others: "Otros dispositivos",
  activeNow: "Activo ahora",
  lastActive: "Última actividad: {when}",
  signedIn: "Inicio de sesión: {when}",
  end: "Cerrar sesión",
  endOthers: "Cerrar las demás sesiones",
  endOthersLead:
    "Solo quedará abierta la sesión de este dispositivo. También se cerrará la de las aplicaciones con acceso.",
  endOthersNow: "Cerrarlas",
  ended: "Se cerró la sesión.",
  signOut: { title: "¿Cerrar sesión?", stay: "Mantener la sesión" },
  signedOut: { title: "Cerraste sesión", text: "Ya puedes cerrar esta página." },
  deleted: {
    title: "Se eliminó tu cuenta",
    text: "No se puede recuperar. Puedes usar el mismo correo y número de teléfono en una cuenta nueva.",
  },
};
