import type { RegisterMessages } from "../en/register.ts";

export const register: RegisterMessages = {
  title: "Créez votre compte",
  submit: "Créer un compte",
  passkey: { submit: "Utiliser plutôt une clé d’accès" },
  link: "Créer un compte",
  haveAccount: "Vous avez déjà un compte\u202f?",
};
