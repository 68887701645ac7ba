import type { MailMessages } from "../messages.ts";

const KEEP_SECRET =
  "Geben Sie ihn an niemanden weiter. Wenn Sie ihn nicht angefordert haben, können Sie diese E-Mail ignorieren.";
const IF_YOU = "Wenn Sie das waren, müssen Sie nichts tun.";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Bestätigen Sie Ihre neue E-Mail-Adresse",
  paragraphs: [
    "{code} ist Ihr Code, um diese E-Mail-Adresse für Ihr Konto bei {site} zu verwenden. Er läuft in {minutes} ab.",
    KEEP_SECRET,
  ],
  text: "{code} ist Ihr Code, um diese Nummer für Ihr Konto bei {site} zu verwenden. Geben Sie ihn an niemanden weiter.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Setzen Sie Ihr Passwort zurück",
    paragraphs: [
      "Für Ihr Konto bei {site} wurde ein neues Passwort angefordert. Legen Sie es innerhalb von {minutes} hier fest:",
      "{link}",
      "Wenn Sie das nicht angefordert haben, können Sie diese E-Mail ignorieren. Ihr Passwort bleibt unverändert.",
    ],
  },
  "password-reset-code": {
    subject: "Ihr Code zum Zurücksetzen des Passworts",
    paragraphs: [
      "{code} ist Ihr Code, um das Passwort Ihres Kontos bei {site} zurückzusetzen. Er läuft in {minutes} ab.",
      KEEP_SECRET,
    ],
    text: "{code} ist Ihr Code zum Zurücksetzen Ihres Passworts bei {site}. Geben Sie ihn an niemanden weiter.",
  },
  "recovery-verification": {
    subject: "Ihr Bestätigungscode",
    paragraphs: [
      "{code} ist Ihr Code, um diese Adresse bei {site} zu bestätigen. Er läuft in {minutes} ab. Fordern Sie danach das neue Passwort noch einmal an.",
      KEEP_SECRET,
    ],
    text: "{code} ist Ihr Code, um diese Nummer bei {site} zu bestätigen. Fordern Sie danach noch einmal ein neues Passwort an.",
  },
  verification: {
    subject: "Ihr Bestätigungscode",
    paragraphs: [
      "{code} ist Ihr Code, um diese E-Mail-Adresse bei {site} zu bestätigen. Er läuft in {minutes} ab.",
      `${KEEP_SECRET} Ohne den Code kann niemand Ihre Adresse als seine ausgeben.`,
    ],
    text: "{code} ist Ihr Code, um diese Nummer bei {site} zu bestätigen. Geben Sie ihn an niemanden weiter.",
  },
  "address-release-link": {
    subject: "Ist das Ihr Konto?",
    paragraphs: [
      "Ein Konto bei {site} hat neben einer anderen diese E-Mail-Adresse, aber niemand hat sie dort bestätigt.",
      "Wenn es Ihr Konto ist, melden Sie sich mit der anderen Adresse an, oder setzen Sie damit das Passwort zurück. Bestätigen Sie dann diese in den Einstellungen. Wenn nicht, entfernen Sie sie innerhalb von {minutes} aus dem Konto:",
      "{link}",
      "Danach können Sie ein eigenes Konto anlegen. Wenn Sie keines möchten, können Sie diese E-Mail ignorieren.",
    ],
    text: "Ein Konto bei {site} hat diese Nummer ohne Bestätigung. Ist es nicht Ihres, entfernen Sie die Nummer hier: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "Sie haben bereits ein Konto",
    paragraphs: [
      "Diese E-Mail-Adresse wurde für ein Konto bei {site} angegeben. Sie haben damit bereits ein Konto, daher hat sich nichts geändert.",
      "Wenn Sie das waren, melden Sie sich an, oder setzen Sie Ihr Passwort zurück. Andernfalls können Sie diese E-Mail ignorieren.",
    ],
    text: "Diese Nummer wurde für ein Konto bei {site} angegeben. Sie haben damit bereits ein Konto.",
  },
  "password-changed": {
    subject: "Ihr Passwort wurde geändert",
    paragraphs: [
      "Das Passwort Ihres Kontos bei {site} wurde am {date} geändert. Sie wurden auf allen anderen Geräten abgemeldet.",
      IF_YOU,
      "Wenn nicht, kennt jemand Ihr Passwort oder kann Ihre Nachrichten lesen. Setzen Sie Ihr Passwort sofort zurück.",
    ],
    text: "Das Passwort Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie es sofort zurück.",
  },
  "password-voided": {
    subject: "Ihr Passwort wurde entfernt",
    paragraphs: [
      "Ein Administrator hat das Passwort Ihres Kontos bei {site} am {date} entfernt. Sie wurden auf allen Geräten abgemeldet.",
      "Um sich wieder anzumelden, fordern Sie auf der Anmeldeseite einen Link an und legen Sie ein neues Passwort fest.",
    ],
    text: "Das Passwort Ihres Kontos bei {site} wurde entfernt. Fordern Sie einen Link oder Code an, um ein neues festzulegen.",
  },
  "username-changed": {
    subject: "Ihr Benutzername wurde geändert",
    paragraphs: [
      "Der Benutzername Ihres Kontos bei {site} wurde am {date} geändert.",
      IF_YOU,
      "Wenn Sie das nicht waren, kann jemand Ihr Konto benutzen. Setzen Sie sofort Ihr Passwort zurück.",
    ],
    text: "Der Benutzername Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "account-deleted": {
    subject: "Ihr Konto wurde gelöscht",
    paragraphs: [
      "Ihr Konto bei {site} wurde am {date} gelöscht. Sie wurden auf allen Geräten abgemeldet.",
      IF_YOU,
      "Wenn Sie das nicht waren, wenden Sie sich sofort an die Betreiber der Seite.",
    ],
    text: "Ihr Konto bei {site} wurde gelöscht. Waren Sie das nicht, wenden Sie sich sofort an die Betreiber der Seite.",
  },
  "email-changed": {
    subject: "Ihre E-Mail-Adresse wurde geändert",
    paragraphs: [
      "Die E-Mail-Adresse Ihres Kontos bei {site} wurde am {date} geändert. Diese hier gehört nicht mehr dazu.",
      IF_YOU,
      "Wenn nicht, kennt jemand Ihr Passwort. Wenden Sie sich sofort an die Betreiber der Seite.",
    ],
    text: "Die E-Mail-Adresse Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "phone-changed": {
    subject: "Ihre Telefonnummer wurde geändert",
    paragraphs: [
      "Die Telefonnummer Ihres Kontos bei {site} wurde am {date} geändert.",
      IF_YOU,
      "Wenn nicht, kennt jemand Ihr Passwort. Setzen Sie es sofort zurück.",
    ],
    text: "Die Telefonnummer Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "email-verified": {
    subject: "Eine E-Mail-Adresse wurde bestätigt",
    paragraphs: [
      "Die E-Mail-Adresse Ihres Kontos bei {site} wurde am {date} bestätigt. Mit ihr lässt sich das Passwort zurücksetzen.",
      IF_YOU,
      "Wenn nicht, kennt jemand Ihr Passwort. Setzen Sie es sofort zurück.",
    ],
    text: "Die E-Mail-Adresse Ihres Kontos bei {site} wurde bestätigt. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "phone-verified": {
    subject: "Eine Telefonnummer wurde bestätigt",
    paragraphs: [
      "Die Telefonnummer Ihres Kontos bei {site} wurde am {date} bestätigt. Mit ihr lässt sich das Passwort zurücksetzen.",
      IF_YOU,
      "Wenn nicht, kennt jemand Ihr Passwort. Setzen Sie es sofort zurück.",
    ],
    text: "Die Telefonnummer Ihres Kontos bei {site} wurde bestätigt. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "email-removed": {
    subject: "Eine E-Mail-Adresse wurde entfernt",
    paragraphs: [
      "Eine E-Mail-Adresse wurde am {date} aus Ihrem Konto bei {site} entfernt. Mit ihr kann sich niemand mehr anmelden oder das Passwort zurücksetzen.",
      IF_YOU,
      "Wenn nicht, melden Sie sich an, und prüfen Sie Ihr Konto.",
    ],
    text: "Eine E-Mail-Adresse wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, prüfen Sie Ihr Konto.",
  },
  "phone-removed": {
    subject: "Eine Telefonnummer wurde entfernt",
    paragraphs: [
      "Eine Telefonnummer wurde am {date} aus Ihrem Konto bei {site} entfernt. Mit ihr kann sich niemand mehr anmelden oder das Passwort zurücksetzen.",
      IF_YOU,
      "Wenn nicht, melden Sie sich an, und prüfen Sie Ihr Konto.",
    ],
    text: "Eine Telefonnummer wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, prüfen Sie Ihr Konto.",
  },
  "refresh-token-reused": {
    subject: "Sie wurden auf einem Gerät abgemeldet",
    paragraphs: [
      "Am {date} hat jemand eine Kopie Ihrer Anmeldung bei {site} verwendet. Wir haben diese Sitzung beendet, auch auf Ihrem Gerät.",
      "Melden Sie sich dort neu an. Wenn Sie nicht wissen, wie das passieren konnte, ändern Sie Ihr Passwort, und prüfen Sie Ihre Sitzungen.",
    ],
    text: "Eine Kopie Ihrer Anmeldung bei {site} wurde verwendet. Die Sitzung ist beendet. Setzen Sie im Zweifel Ihr Passwort zurück.",
  },
};
