/** Words of every page. */
export const common = {
  show: "Show",
  hide: "Hide",
  language: "Language",
  /** Names a value, or what a button acts on. */
  labeled: "{label}: {value}",
  captchaNeedsScript: "The security check needs JavaScript. Turn on JavaScript, then reload this page.",
  unknownDevice: "Unknown device",
  deviceName: "{browser} on {os}",
};

export type CommonMessages = typeof common;
