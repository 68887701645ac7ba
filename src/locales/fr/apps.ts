import type { AppsMessages } from "../en/apps.ts";

export const apps: AppsMessages = {
  title: "Applications autorisées",
  purpose: "Les applications et sites qui peuvent utiliser votre compte.",
  manage: "Gérer les applications",
  lead: "Ces applications peuvent utiliser votre compte comme indiqué, même en votre absence.",
  none: "Aucune application pour l’instant. Celles que vous autorisez à utiliser votre compte apparaîtront ici.",
  own: "Fait partie de ce service",
  at: "Sur {host}\u202f:",
  allowed: "Autorisation\u202f: {when}",
  used: "Dernière utilisation\u202f: {when}",
  remove: "Retirer l’accès",
  removed: "L’application n’a plus accès à votre compte.",
  removal: {
    title: "Retirer l’accès à {client}\u202f?",
    lead: "{client} est déconnectée immédiatement de tous vos appareils. Pour utiliser de nouveau votre compte, elle devra vous le demander.",
  },
  signOut: {
    title: "Se déconnecter ici aussi\u202f?",
    lead: "{client} vous a amené ici pour vous déconnecter. Si vous restez connecté, des applications pourront vous reconnecter sans rien demander.",
  },
};
