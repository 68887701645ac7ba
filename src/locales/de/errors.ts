import type { ErrorsMessages } from "../en/errors.ts";

export const errors: ErrorsMessages = {
  byCode: {
    invalid_request: "Bitte prüfen Sie die markierten Felder.",
    reauthentication_required: "Geben Sie Ihr Passwort ein, um fortzufahren.",
    invalid_credentials: "Das Passwort ist falsch oder das Konto existiert nicht.",
    account_disabled: "Dieses Konto ist gesperrt. Wenden Sie sich an die Betreiber dieser Website.",
    verification_required:
      "Bestätigen Sie zuerst Ihre E-Mail-Adresse oder Telefonnummer. Wir haben Ihnen einen Code gesendet.",
    captcha_required:
      "Schließen Sie die Sicherheitsprüfung ab und versuchen Sie es dann noch einmal. Falls sie nicht angezeigt wird, aktivieren Sie JavaScript und lassen Sie challenges.cloudflare.com zu.",
    invalid_code: "Dieser Code ist falsch oder abgelaufen. Prüfen Sie ihn oder fordern Sie einen neuen an.",
    invalid_token: "Dieser Link ist abgelaufen oder wurde bereits verwendet. Fordern Sie einen neuen an.",
    too_many_attempts: "Zu viele Fehlversuche. Warten Sie eine Weile oder setzen Sie Ihr Passwort per E-Mail zurück.",
    too_many_requests: "Zu viele Anfragen.",
    last_address:
      "Das ist Ihre einzige bestätigte E-Mail-Adresse oder Telefonnummer. Bestätigen Sie zuerst eine weitere.",
    check_unavailable: "Eine Sicherheitsprüfung ist gerade nicht möglich. Versuchen Sie es gleich noch einmal.",
    overloaded: "Gerade ist viel los. Versuchen Sie es gleich noch einmal.",
  },
  byFieldCode: {
    missing_address: "Ihr Konto hat diese Angabe noch nicht. Fügen Sie sie zuerst hinzu oder wählen Sie etwas anderes.",
    unsupported_phone:
      "An diese Nummer können wir keine SMS senden. Verwenden Sie eine E-Mail-Adresse oder eine Mobilnummer aus einem Land, in das wir SMS senden.",
    common_password: "Dieses Passwort ist zu verbreitet. Wählen Sie eines, das schwerer zu erraten ist.",
    breached_password: "Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes.",
    identifier_as_password:
      "Verwenden Sie nicht Ihren Namen, Ihre E-Mail-Adresse, Ihre Telefonnummer oder den Namen dieser Website.",
  },
  wrongPassword: "Das Passwort ist falsch. Versuchen Sie es noch einmal.",
  unknown: "Da ist etwas schiefgelaufen. Versuchen Sie es gleich noch einmal.",
  titlePrefix: "Fehler",
  tryAgain: "Erneut versuchen",
  retryIn: "Versuchen Sie es in {seconds} s noch einmal.",
  pages: {
    notFound: { title: "Seite nicht gefunden", text: "Prüfen Sie die Adresse auf Tippfehler." },
    tooMany: { title: "Zu viele Anfragen" },
    busy: { title: "Einen Moment bitte", text: "Gerade ist viel los." },
    incomplete: {
      title: "Noch nicht eingerichtet",
      text: "Die Betreiber müssen diese Website erst fertig einrichten.",
    },
    foreignForm: {
      title: "Das Formular wurde nicht gesendet",
      text: "Wir konnten nicht feststellen, ob es von unserer eigenen Seite stammt. Deshalb wurde nichts geändert. Öffnen Sie die Seite noch einmal oder aktualisieren Sie Ihren Browser.",
    },
    failed: { title: "Da ist etwas schiefgelaufen", text: "Gehen Sie zurück und versuchen Sie es noch einmal." },
  },
  needsHttps: "Über HTTP funktioniert die Anmeldung nur auf localhost und nicht in Safari. Verwenden Sie HTTPS.",
};
