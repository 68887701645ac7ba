import type { AppsMessages } from "../en/apps.ts";

export const apps: AppsMessages = {
  title: "Apps mit Zugriff",
  purpose: "Apps und Websites, die Ihr Konto verwenden können.",
  manage: "Apps verwalten",
  lead: "Diese Apps können Ihr Konto wie angegeben verwenden, auch während Sie nicht da sind.",
  none: "Noch keine Apps. Wenn Sie einer App erlauben, Ihr Konto zu verwenden, steht sie hier.",
  own: "Teil dieses Dienstes",
  at: "Bei {host}:",
  allowed: "Zugelassen: {when}",
  used: "Zuletzt verwendet: {when}",
  remove: "Zugriff entziehen",
  removed: "Die App hat keinen Zugriff mehr auf Ihr Konto.",
  removal: {
    title: "{client} den Zugriff entziehen?",
    lead: "{client} wird sofort auf allen Ihren Geräten abgemeldet. Um Ihr Konto wieder zu verwenden, muss die App Sie fragen.",
  },
  signOut: {
    title: "Auch hier abmelden?",
    lead: "{client} hat Sie zum Abmelden hierher geleitet. Wenn Sie angemeldet bleiben, können Apps Sie wieder anmelden, ohne zu fragen.",
  },
};
