import type { AddressReleaseMessages } from "../en/address-release.ts";

export const addressRelease: AddressReleaseMessages = {
  title: "Ihre Adresse entfernen",
  lead: "Ihre Adresse gehört zu einem Konto, das sie nie bestätigt hat. Wenn das nicht Ihr Konto ist, entfernen Sie die Adresse daraus. Danach können Sie ein eigenes Konto anlegen.",
  submit: "Meine Adresse entfernen",
  done: "Ihre Adresse wurde aus dem anderen Konto entfernt.",
};
