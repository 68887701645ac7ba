import type { TrustedDevicesMessages } from "../en/trusted-devices.ts";

export const trustedDevices: TrustedDevicesMessages = {
  trust: {
    one: "In diesem Browser {count} Tag lang nicht mehr fragen",
    other: "In diesem Browser {count} Tage lang nicht mehr fragen",
  },
  title: "Vertrauenswürdige Browser",
  lead: "In diesen Browsern melden Sie sich ohne den zweiten Schritt an.",
  none: "Noch keine. Beim zweiten Schritt einer Anmeldung können Sie einem Browser vertrauen.",
  until: "Vertrauenswürdig bis: {when}",
  ended: "Die nächste Anmeldung dort verlangt wieder den zweiten Schritt.",
};
