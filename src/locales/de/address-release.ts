import type { AddressReleaseMessages } from "../en/address-release.ts";

export const addressRelease: AddressReleaseMessages = {
  title: "E-Mail-Adresse oder Telefonnummer entfernen",
  lead: "Ihre E-Mail-Adresse oder Telefonnummer ist in einem Konto eingetragen, wurde dort aber nie bestätigt. Wenn das nicht Ihr Konto ist, entfernen Sie sie daraus. Danach können Sie ein eigenes Konto erstellen.",
  submit: "Aus diesem Konto entfernen",
  done: "Ihre E-Mail-Adresse oder Telefonnummer wurde aus dem anderen Konto entfernt.",
};
