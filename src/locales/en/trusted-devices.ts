import type { Plural } from "../fill.ts";

export interface TrustedDevicesMessages {
  /** The checkbox at the second step of a sign-in. `{count}` is a number of days. */
  trust: Plural;
  title: string;
  lead: string;
  none: string;
  /** `{when}` is a date. */
  until: string;
  ended: string;
}

export const trustedDevices: TrustedDevicesMessages = {
  trust: {
    one: "Don't ask again on this browser for {count} day",
    other: "Don't ask again on this browser for {count} days",
  },
  title: "Trusted browsers",
  lead: "On these browsers, you sign in without the second step.",
  none: "None yet. You can trust a browser at the second step of a sign-in.",
  until: "Trusted until {when}",
  ended: "The next sign-in there asks for the second step.",
};
