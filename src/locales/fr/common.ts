import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Afficher",
  hide: "Masquer",
  language: "Langue",
  labeled: "{label}\u202f: {value}",
  captchaNeedsScript: "Le contrôle de sécurité nécessite JavaScript. Activez JavaScript, puis rechargez cette page.",
  unknownDevice: "Appareil inconnu",
  deviceName: "{browser} sur {os}",
};
