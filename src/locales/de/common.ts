import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Anzeigen",
  hide: "Verbergen",
  language: "Sprache",
  labeled: "{label}: {value}",
  captchaNeedsScript:
    "Für die Sicherheitsprüfung ist JavaScript nötig. Aktivieren Sie JavaScript und laden Sie diese Seite neu.",
  unknownDevice: "Unbekanntes Gerät",
  deviceName: "{browser} unter {os}",
};
