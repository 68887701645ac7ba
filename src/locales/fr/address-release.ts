import type { AddressReleaseMessages } from "../en/address-release.ts";

export const addressRelease: AddressReleaseMessages = {
  title: "Retirer votre adresse ou votre numéro",
  lead: "Votre adresse e-mail ou votre numéro de téléphone figure dans un compte qui ne l’a jamais vérifié. Si ce compte n’est pas à vous, retirez-en cette information. Vous pourrez ensuite créer votre propre compte.",
  submit: "Retirer de ce compte",
  done: "Votre adresse e-mail ou votre numéro de téléphone a été retiré de l’autre compte.",
};
