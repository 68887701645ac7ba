/** Words of every page. */
export const common = {
  show: "Show",
  hide: "Hide",
  language: "Language",
  optional: "optional",
  captchaNeedsScript: "The security check needs JavaScript. Turn on JavaScript, then reload this page.",
  unknownDevice: "Unknown device",
  deviceName: "{browser} on {os}",
};

export type CommonMessages = typeof common;
