import type { MailMessages } from "../messages.ts";

const VALIDITY = "Er läuft in {minutes} ab. Geben Sie ihn an niemanden weiter. Wir werden Sie nie danach fragen.";
const IGNORE = "Sie haben das nicht angefordert? Dann können Sie diese E-Mail ignorieren.";
const CHECK = "Prüfen Sie, ob Sie das waren.";
const IF_YOU = "Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht,";
const NOT_ME = "Das war ich nicht";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Bestätigen Sie Ihre neue E-Mail-Adresse",
  preheader: "Geben Sie den Code ein, um fortzufahren.",
  lead: "Geben Sie diesen Code ein, um diese E-Mail-Adresse für Ihr Konto bei {site} zu verwenden:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} ist Ihr Code, um diese Nummer für Ihr Konto bei {site} zu verwenden. Geben Sie ihn an niemanden weiter.",
};

const verification: MailMessages["verification"] = {
  subject: "Ihr Bestätigungscode",
  preheader: "Geben Sie den Code ein, um fortzufahren.",
  lead: "Geben Sie diesen Code ein, um Ihre E-Mail-Adresse bei {site} zu bestätigen:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} ist Ihr Code, um diese Nummer bei {site} zu bestätigen. Geben Sie ihn an niemanden weiter.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Setzen Sie Ihr Passwort zurück",
    preheader: "Legen Sie über den Link ein neues fest.",
    lead: "Für Ihr Konto bei {site} wurde ein neues Passwort angefordert.",
    button: "Neues Passwort festlegen",
    validity: "Der Link läuft in {minutes} ab und funktioniert nur einmal.",
    unrequested: `${IGNORE} Ihr Passwort bleibt unverändert.`,
  },
  "password-reset-code": {
    subject: "Ihr Code zum Zurücksetzen des Passworts",
    preheader: "Geben Sie den Code ein, um fortzufahren.",
    lead: "Geben Sie diesen Code ein, um das Passwort Ihres Kontos bei {site} zurückzusetzen:",
    validity: VALIDITY,
    unrequested: `${IGNORE} Ihr Passwort bleibt unverändert.`,
    text: "{code} ist Ihr Code zum Zurücksetzen Ihres Passworts bei {site}. Geben Sie ihn an niemanden weiter.",
  },
  // Sent to phones only.
  "recovery-verification": {
    ...verification,
    text: "{code} ist Ihr Code, um diese Nummer bei {site} zu bestätigen. Fordern Sie danach noch einmal ein neues Passwort an.",
  },
  verification,
  "address-release-link": {
    subject: "Ist das Ihr Konto?",
    preheader: "Ein Konto enthält Ihre E-Mail-Adresse.",
    lead: "Ein Konto bei {site} enthält neben einer anderen E-Mail-Adresse oder einer Telefonnummer auch diese E-Mail-Adresse. Sie wurde dort aber nie bestätigt.",
    advice:
      "Wenn es Ihr Konto ist, melden Sie sich auf dem anderen Weg an und bestätigen Sie diese E-Mail-Adresse. Wenn nicht, entfernen Sie Ihre E-Mail-Adresse aus dem Konto. Danach können Sie ein eigenes erstellen.",
    button: "Meine E-Mail-Adresse entfernen",
    validity: "Der Link läuft in {minutes} ab und funktioniert nur einmal.",
    unrequested: IGNORE,
    text: "Ein Konto bei {site} enthält diese Nummer unbestätigt. Ist es nicht Ihres, entfernen Sie die Nummer hier: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "Sie haben bereits ein Konto",
    preheader: "Es hat sich nichts geändert.",
    lead: "Jemand hat diese E-Mail-Adresse bei {site} eingegeben. Sie haben damit bereits ein Konto, daher hat sich nichts geändert.",
    advice: "Wenn Sie das waren, melden Sie sich mit diesem Konto an. Sie können auch Ihr Passwort zurücksetzen.",
    button: "Anmelden",
    unrequested: IGNORE,
    text: "Jemand hat diese Nummer bei {site} eingegeben. Sie haben damit bereits ein Konto.",
  },
  "password-changed": {
    subject: "Ihr Passwort wurde geändert",
    preheader: CHECK,
    lead: "Das Passwort Ihres Kontos bei {site} wurde geändert. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kennt jemand Ihr Passwort oder kann Ihre Nachrichten lesen. Setzen Sie Ihr Passwort sofort zurück und sichern Sie auch Ihr Postfach.`,
    button: NOT_ME,
    text: "Das Passwort Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie es sofort zurück.",
  },
  "password-voided": {
    subject: "Ihr Passwort wurde entfernt",
    preheader: "Sie brauchen ein neues.",
    lead: "Ein Administrator hat das Passwort Ihres Kontos bei {site} entfernt. Um sich wieder anzumelden, legen Sie ein neues fest.",
    button: "Neues Passwort festlegen",
    text: "Das Passwort Ihres Kontos bei {site} wurde entfernt. Fordern Sie einen Link oder Code an, um ein neues festzulegen.",
  },
  "username-changed": {
    subject: "Ihr Benutzername wurde geändert",
    preheader: CHECK,
    lead: "Der Benutzername Ihres Kontos bei {site} wurde geändert.",
    advice: `${IF_YOU} hat jemand anderes Zugriff auf Ihr Konto. Setzen Sie sofort Ihr Passwort zurück.`,
    button: NOT_ME,
    text: "Der Benutzername Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "account-deleted": {
    subject: "Ihr Konto wurde gelöscht",
    preheader: CHECK,
    lead: "Ihr Konto bei {site} wurde gelöscht.",
    advice: `${IF_YOU} wenden Sie sich sofort an die Betreiber von {site}.`,
    button: NOT_ME,
    text: "Ihr Konto bei {site} wurde gelöscht. Waren Sie das nicht, wenden Sie sich sofort an die Betreiber der Seite.",
  },
  "email-changed": {
    subject: "Ihre E-Mail-Adresse wurde geändert",
    preheader: CHECK,
    lead: "Die E-Mail-Adresse Ihres Kontos bei {site} wurde geändert. Diese hier gehört nicht mehr dazu.",
    advice: `${IF_YOU} hat jemand anderes Zugriff auf Ihr Konto. Melden Sie sich mit Ihrem Benutzernamen oder Ihrer Telefonnummer an und ändern Sie Ihr Passwort, oder wenden Sie sich an die Betreiber von {site}.`,
    button: NOT_ME,
    text: "Die E-Mail-Adresse Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "phone-changed": {
    subject: "Ihre Telefonnummer wurde geändert",
    preheader: CHECK,
    lead: "Die Telefonnummer Ihres Kontos bei {site} wurde geändert.",
    advice: `${IF_YOU} hat jemand anderes Zugriff auf Ihr Konto. Setzen Sie sofort Ihr Passwort zurück und korrigieren Sie dann die Nummer in den Kontoeinstellungen.`,
    button: NOT_ME,
    text: "Die Telefonnummer Ihres Kontos bei {site} wurde geändert. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "email-verified": {
    subject: "Eine E-Mail-Adresse wurde bestätigt",
    preheader: CHECK,
    lead: "Eine E-Mail-Adresse Ihres Kontos bei {site} wurde bestätigt. Mit ihr kann jetzt das Passwort zurückgesetzt werden.",
    advice: `${IF_YOU} hat jemand anderes Zugriff auf Ihr Konto. Setzen Sie sofort Ihr Passwort zurück und korrigieren Sie dann die Adresse in den Kontoeinstellungen.`,
    button: NOT_ME,
    text: "Die E-Mail-Adresse Ihres Kontos bei {site} wurde bestätigt. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "phone-verified": {
    subject: "Eine Telefonnummer wurde bestätigt",
    preheader: CHECK,
    lead: "Eine Telefonnummer Ihres Kontos bei {site} wurde bestätigt. Mit ihr kann jetzt das Passwort zurückgesetzt werden.",
    advice: `${IF_YOU} hat jemand anderes Zugriff auf Ihr Konto. Setzen Sie sofort Ihr Passwort zurück und korrigieren Sie dann die Nummer in den Kontoeinstellungen.`,
    button: NOT_ME,
    text: "Die Telefonnummer Ihres Kontos bei {site} wurde bestätigt. Waren Sie das nicht, setzen Sie sofort Ihr Passwort zurück.",
  },
  "email-removed": {
    subject: "Eine E-Mail-Adresse wurde entfernt",
    preheader: CHECK,
    lead: "Eine E-Mail-Adresse wurde aus Ihrem Konto bei {site} entfernt. Mit ihr ist es nicht mehr möglich, sich anzumelden oder das Passwort zurückzusetzen.",
    advice: `${IF_YOU} melden Sie sich auf einem anderen Weg an, prüfen Sie die letzten Aktivitäten und ändern Sie Ihr Passwort.`,
    button: NOT_ME,
    text: "Eine E-Mail-Adresse wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, prüfen Sie Ihr Konto.",
  },
  "phone-removed": {
    subject: "Eine Telefonnummer wurde entfernt",
    preheader: CHECK,
    lead: "Eine Telefonnummer wurde aus Ihrem Konto bei {site} entfernt. Mit ihr ist es nicht mehr möglich, sich anzumelden oder das Passwort zurückzusetzen.",
    advice: `${IF_YOU} melden Sie sich an, prüfen Sie die letzten Aktivitäten und ändern Sie Ihr Passwort.`,
    button: NOT_ME,
    text: "Eine Telefonnummer wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, prüfen Sie Ihr Konto.",
  },
  "totp-added": {
    subject: "Eine Authenticator-App wurde hinzugefügt",
    preheader: CHECK,
    lead: "Ihrem Konto bei {site} wurde eine Authenticator-App hinzugefügt. Sie wird nun für die Anmeldung benötigt. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und wenden Sie sich an den Betreiber von {site}.`,
    button: NOT_ME,
    text: "Ihrem Konto bei {site} wurde eine Authenticator-App hinzugefügt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "totp-removed": {
    subject: "Eine Authenticator-App wurde entfernt",
    preheader: CHECK,
    lead: "Die Authenticator-App wurde aus Ihrem Konto bei {site} entfernt. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und fügen Sie die App danach wieder hinzu.`,
    button: NOT_ME,
    text: "Die Authenticator-App wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "passkey-added": {
    subject: "Ein Passkey wurde hinzugefügt",
    preheader: CHECK,
    lead: "Ihrem Konto bei {site} wurde ein Passkey hinzugefügt. Mit ihm kann man sich nun anmelden. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und wenden Sie sich an den Betreiber von {site}.`,
    button: NOT_ME,
    text: "Ihrem Konto bei {site} wurde ein Passkey hinzugefügt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "passkey-removed": {
    subject: "Ein Passkey wurde entfernt",
    preheader: CHECK,
    lead: "Ein Passkey wurde aus Ihrem Konto bei {site} entfernt. Mit ihm kann man sich nicht mehr anmelden. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und prüfen Sie danach Ihre Passkeys.`,
    button: NOT_ME,
    text: "Ein Passkey wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "recovery-codes-created": {
    subject: "Neue Wiederherstellungscodes wurden erstellt",
    preheader: CHECK,
    lead: "Für Ihr Konto bei {site} wurden neue Wiederherstellungscodes erstellt. Die früheren gelten nicht mehr.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und erstellen Sie danach neue Codes.`,
    button: NOT_ME,
    text: "Für Ihr Konto bei {site} wurden neue Wiederherstellungscodes erstellt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "recovery-code-used": {
    subject: "Ein Wiederherstellungscode wurde verwendet",
    preheader: CHECK,
    lead: "Für Ihr Konto bei {site} wurde ein Wiederherstellungscode verwendet. Jeder Code gilt nur einmal. Wenn nur noch wenige übrig sind, erstellen Sie in den Kontoeinstellungen neue.",
    advice: `${IF_YOU} kennt jemand anderes Ihr Passwort und Ihre Codes. Setzen Sie sofort Ihr Passwort zurück und erstellen Sie danach neue Codes.`,
    button: NOT_ME,
    text: "Für Ihr Konto bei {site} wurde ein Wiederherstellungscode verwendet. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "password-removed": {
    subject: "Ihr Passwort wurde entfernt",
    preheader: CHECK,
    lead: "Das Passwort wurde aus Ihrem Konto bei {site} entfernt. Alle anderen Geräte wurden abgemeldet.",
    advice: `${IF_YOU} kann jemand anderes Ihr Konto verwenden. Legen Sie sofort ein neues Passwort fest.`,
    button: NOT_ME,
    text: "Das Passwort wurde aus Ihrem Konto bei {site} entfernt. Waren Sie das nicht, legen Sie sofort ein neues fest.",
  },
  "factor-removal-requested": {
    subject: "Ihre zweiten Faktoren werden entfernt",
    preheader: CHECK,
    lead: "Die Betreiber von {site} wurden gebeten, die Authenticator-App, die Passkeys und die Wiederherstellungscodes aus Ihrem Konto zu entfernen, weil sie verloren sind. Das geschieht nach einer Wartezeit.",
    advice:
      "Wenn Sie noch einen davon haben, melden Sie sich damit an: Das bricht das Entfernen ab. Ändern Sie danach Ihr Passwort.",
    button: NOT_ME,
    text: "Die zweiten Faktoren Ihres Kontos bei {site} werden entfernt. Waren Sie das nicht, melden Sie sich mit einem davon an.",
  },
  "factors-removed": {
    subject: "Ihre zweiten Faktoren wurden entfernt",
    preheader: CHECK,
    lead: "Die Authenticator-App, die Passkeys und die Wiederherstellungscodes Ihres Kontos bei {site} wurden entfernt. Alle Geräte wurden abgemeldet. Hat Ihr Konto kein Passwort, legen Sie eines fest, um sich anzumelden.",
    advice: `${IF_YOU} kann jemand anderes möglicherweise Ihr Konto verwenden. Setzen Sie sofort Ihr Passwort zurück und fügen Sie wieder einen zweiten Faktor hinzu.`,
    button: NOT_ME,
    text: "Die zweiten Faktoren Ihres Kontos bei {site} wurden entfernt. Waren Sie das nicht, setzen Sie Ihr Passwort zurück.",
  },
  "refresh-token-reused": {
    subject: "Sie wurden auf einem Gerät abgemeldet",
    preheader: "Wir haben eine Sitzung beendet.",
    lead: "Jemand hat eine Kopie Ihrer Sitzung bei {site} verwendet, deshalb haben wir sie beendet. Melden Sie sich neu an.",
    advice:
      "Wenn Sie nicht wissen, wie das passieren konnte, prüfen Sie die letzten Aktivitäten und ändern Sie Ihr Passwort.",
    button: NOT_ME,
    text: "Eine Kopie Ihrer Sitzung bei {site} wurde verwendet. Wir haben sie beendet. Setzen Sie im Zweifel Ihr Passwort zurück.",
  },
};
