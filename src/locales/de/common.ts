import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Anzeigen",
  hide: "Verbergen",
  language: "Sprache",
  optional: "optional",
  captchaNeedsScript:
    "Die Sicherheitsprüfung braucht JavaScript. Schalten Sie JavaScript ein, und laden Sie diese Seite neu.",
  unknownDevice: "Unbekanntes Gerät",
  deviceName: "{browser} unter {os}",
};
