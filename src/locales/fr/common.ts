import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Afficher",
  hide: "Masquer",
  language: "Langue",
  optional: "facultatif",
  captchaNeedsScript: "Le contrôle de sécurité nécessite JavaScript. Activez JavaScript, puis rechargez cette page.",
  unknownDevice: "Appareil inconnu",
  deviceName: "{browser} sur {os}",
};
