import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Anmelden",
  notices: {
    verified: "Ihre E-Mail-Adresse oder Telefonnummer ist bestätigt. Sie können sich jetzt anmelden.",
    reset: "Ihr Passwort wurde zurückgesetzt. Melden Sie sich mit dem neuen Passwort an.",
    unsent:
      "Sie waren nicht mehr angemeldet, deshalb hat das Formular nichts geändert. Senden Sie es noch einmal, sobald Sie angemeldet sind.",
  },
  noCookies:
    "Ihr Passwort stimmt, aber Ihr Browser blockiert das Cookie, das Sie angemeldet hält. Erlauben Sie Cookies für diese Seite, und melden Sie sich dann noch einmal an.",
  continue: {
    title: "Weiter zu Ihrem Konto",
    text: "Eine andere Seite hat Sie hierher geleitet.",
    link: "Weiter",
  },
};
