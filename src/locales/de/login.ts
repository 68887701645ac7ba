import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Anmelden",
  notices: {
    verified: "Ihre E-Mail-Adresse oder Telefonnummer ist bestätigt. Sie können sich jetzt anmelden.",
    reset: "Ihr Passwort wurde zurückgesetzt. Melden Sie sich mit dem neuen Passwort an.",
    unsent:
      "Ihre Sitzung war beendet, deshalb wurde nichts gespeichert. Melden Sie sich an und senden Sie das Formular noch einmal ab.",
    expired: "Ihre Anmeldung ist abgelaufen. Beginnen Sie noch einmal.",
  },
  noCookies:
    "Ihr Browser blockiert das Cookie, mit dem Sie angemeldet bleiben. Erlauben Sie Cookies für diese Website und melden Sie sich dann noch einmal an.",
  continue: {
    title: "Weiter zu Ihrem Konto",
    text: "Eine andere Website hat Sie hierher weitergeleitet.",
    link: "Weiter",
  },
};
