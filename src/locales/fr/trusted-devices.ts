import type { TrustedDevicesMessages } from "../en/trusted-devices.ts";

export const trustedDevices: TrustedDevicesMessages = {
  trust: {
    one: "Ne plus demander sur ce navigateur pendant {count} jour",
    other: "Ne plus demander sur ce navigateur pendant {count} jours",
  },
  title: "Navigateurs de confiance",
  lead: "Sur ces navigateurs, vous vous connectez sans la seconde étape.",
  none: "Aucun pour le moment. Vous pouvez faire confiance à un navigateur à la seconde étape d’une connexion.",
  until: "De confiance jusqu’au\u202f: {when}",
  ended: "La prochaine connexion sur ce navigateur demandera la seconde étape.",
};
