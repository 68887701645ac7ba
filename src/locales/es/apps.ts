import type { AppsMessages } from "../en/apps.ts";

export const apps: AppsMessages = {
  title: "Aplicaciones con acceso",
  purpose: "Aplicaciones y sitios web que pueden usar tu cuenta.",
  manage: "Gestionar aplicaciones",
  lead: "Estas aplicaciones pueden usar tu cuenta como se indica, también cuando no estás.",
  none: "Aún no hay ninguna. Cuando permitas que una aplicación use tu cuenta, aparecerá aquí.",
  own: "Parte de este servicio",
  at: "En {host}:",
  allowed: "Permitida: {when}",
  used: "Último uso: {when}",
  remove: "Quitar el acceso",
  removed: "La aplicación ya no tiene acceso a tu cuenta.",
  removal: {
    title: "¿Quitar el acceso a {client}?",
    lead: "Se cerrará enseguida la sesión de {client} en todos tus dispositivos. Para volver a usar tu cuenta, tendrá que pedírtelo.",
  },
  signOut: {
    title: "¿Cerrar sesión también aquí?",
    lead: "{client} te ha traído aquí para cerrar la sesión. Si la mantienes, las aplicaciones podrán iniciarla de nuevo sin preguntarte.",
  },
};
