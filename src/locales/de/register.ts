import type { RegisterMessages } from "../en/register.ts";

export const register: RegisterMessages = {
  title: "Konto erstellen",
  submit: "Konto erstellen",
  link: "Konto erstellen",
  haveAccount: "Haben Sie schon ein Konto?",
};
