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
  code: {
    title: "Mit einem Code anmelden",
    lead: "Wir senden Ihnen einen Code, mit dem Sie sich anmelden.",
    submit: "Code senden",
    submitMail: "Code per E-Mail senden",
    otherWay: "Anders anmelden",
    sentIf: "Wenn es ein Konto für {address} gibt, haben wir einen Code dorthin gesendet.",
    mailedIf:
      "Wenn es ein Konto für {address} gibt, haben wir eine E-Mail dorthin gesendet. Geben Sie den Code ein oder öffnen Sie den Link in diesem Browser.",
    mailed:
      "Wir haben eine E-Mail an {address} gesendet. Geben Sie den Code ein oder öffnen Sie den Link in diesem Browser.",
    resent: "Ein neuer Code ist unterwegs, falls er gesendet werden kann.",
    link: {
      lead: "Melden Sie sich in diesem Browser bei Ihrem Konto an.",
      elsewhere:
        "Sie haben diese E-Mail in einem anderen Browser angefordert. Kehren Sie dorthin zurück und geben Sie diesen Code ein:",
      warning: "Geben Sie ihn nirgendwo anders ein. Wenn Sie ihn nicht angefordert haben, schließen Sie diese Seite.",
    },
  },
  noCookies:
    "Ihr Browser blockiert das Cookie, mit dem Sie angemeldet bleiben. Erlauben Sie Cookies für diese Website und melden Sie sich dann noch einmal an.",
  continue: {
    title: "Weiter zu Ihrem Konto",
    text: "Eine andere Website hat Sie hierher weitergeleitet.",
    link: "Weiter",
  },
};
