import type { CommonMessages } from "../en/common.ts";

export const common: CommonMessages = {
  show: "Anzeigen",
  hide: "Verbergen",
  language: "Sprache",
  optional: "optional",
  weakPassword: "Kurz. Mit ein paar Wörtern mehr wird es stark.",
  fairPassword: "Gut. Länger ist noch besser.",
  strongPassword: "Stark.",
  captchaNeedsScript:
    "Die Sicherheitsprüfung braucht JavaScript. Schalten Sie JavaScript ein, und laden Sie diese Seite neu.",
  unknownDevice: "Unbekanntes Gerät",
  deviceName: "{browser} unter {os}",
};
