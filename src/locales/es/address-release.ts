import type { AddressReleaseMessages } from "../en/address-release.ts";

export const addressRelease: AddressReleaseMessages = {
  title: "Quita tu correo o número de teléfono",
  lead: "Tu correo o número de teléfono está en una cuenta que nunca lo verificó. Si esa cuenta no es tuya, quítalo de ella. Después podrás crear tu propia cuenta.",
  submit: "Quitar de esa cuenta",
  done: "Quitamos tu correo o número de teléfono de la otra cuenta.",
};
