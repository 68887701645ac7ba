import type { RegisterMessages } from "../en/register.ts";

export const register: RegisterMessages = {
  title: "Konto erstellen",
  submit: "Konto erstellen",
  passkey: { submit: "Stattdessen Passkey verwenden" },
  link: "Konto erstellen",
  haveAccount: "Haben Sie schon ein Konto?",
};
