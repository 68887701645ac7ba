import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Anmelden",
  notices: {
    verified: "Ihre E-Mail-Adresse oder Telefonnummer ist bestätigt. Sie können sich jetzt anmelden.",
    reset: "Ihr Passwort wurde zurückgesetzt. Melden Sie sich mit dem neuen Passwort an.",
  },
  continue: {
    title: "Weiter zu Ihrem Konto",
    text: "Eine andere Seite hat Sie hierher geleitet.",
    link: "Weiter",
  },
};
