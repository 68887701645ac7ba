import type { Words } from "./words.ts";

const KEEP_SECRET = "Verraten Sie ihn niemandem, wer auch fragt. Haben Sie ihn nicht angefordert, ist nichts zu tun.";
const IF_YOU = "Waren Sie das, ist nichts zu tun.";

const FORMAT = new Intl.DateTimeFormat("de", { dateStyle: "long", timeStyle: "long", timeZone: "UTC" });
const time = (at: number) => FORMAT.format(at);

export const de: Words = {
  resetLink: ({ site, link, minutes }) => ({
    subject: "Neues Passwort setzen",
    paragraphs: [
      `Jemand, hoffentlich Sie, möchte ein neues Passwort für Ihr Konto bei ${site}. Setzen Sie es innerhalb von ${minutes} Minuten hier:`,
      link,
      "Waren Sie das nicht, ist nichts zu tun: Ihr Passwort bleibt, wie es ist.",
    ],
  }),
  resetCode: ({ site, code, minutes }) => ({
    subject: "Ihr Code für ein neues Passwort",
    paragraphs: [
      `${code} ist Ihr Code, um bei ${site} ein neues Passwort zu setzen. Er gilt ${minutes} Minuten.`,
      KEEP_SECRET,
    ],
    text: `${code} ist Ihr Code für ein neues Passwort bei ${site}. Verraten Sie ihn niemandem.`,
  }),
  verificationCode: ({ site, code, minutes }) => ({
    subject: "Ihr Code zur Bestätigung Ihrer Adresse",
    paragraphs: [
      `${code} ist Ihr Code, um Ihre Adresse bei ${site} zu bestätigen. Er gilt ${minutes} Minuten.`,
      `${KEEP_SECRET} Ohne den Code kann niemand Ihre Adresse als seine ausgeben.`,
    ],
    text: `${code} ist Ihr Code, um Ihre Nummer bei ${site} zu bestätigen. Verraten Sie ihn niemandem.`,
  }),
  addressChangeCode: ({ site, code, minutes }) => ({
    subject: "Ihr Code zur Bestätigung Ihrer neuen Adresse",
    paragraphs: [
      `${code} ist Ihr Code, um diese Adresse für Ihr Konto bei ${site} zu verwenden. Er gilt ${minutes} Minuten.`,
      KEEP_SECRET,
    ],
    text: `${code} ist Ihr Code, um diese Nummer bei ${site} zu verwenden. Verraten Sie ihn niemandem.`,
  }),
  addressTaken: ({ site }) => ({
    subject: "Sie haben bereits ein Konto",
    paragraphs: [
      `Jemand, vielleicht Sie, hat Ihre Adresse für ein Konto bei ${site} angegeben. Sie haben damit bereits eines, und daran hat sich nichts geändert.`,
      "Waren Sie das: Melden Sie sich dort an oder fordern Sie ein neues Passwort an. Waren Sie es nicht, ist nichts zu tun.",
    ],
    text: `Jemand, vielleicht Sie, hat Ihre Nummer für ein Konto bei ${site} angegeben. Sie haben damit bereits eines.`,
  }),
  passwordChanged: ({ site, at }) => ({
    subject: "Ihr Passwort wurde geändert",
    paragraphs: [
      `Das Passwort Ihres Kontos bei ${site} wurde am ${time(at)} geändert. Überall sonst wurden Sie abgemeldet.`,
      IF_YOU,
      "Waren Sie es nicht, kennt jemand Ihr Passwort oder liest Ihre Nachrichten. Setzen Sie sofort ein neues.",
    ],
    text: `Das Passwort Ihres Kontos bei ${site} wurde geändert. Waren Sie das nicht, setzen Sie sofort ein neues.`,
  }),
  emailChanged: ({ site, at }) => ({
    subject: "Ihre E-Mail-Adresse wurde geändert",
    paragraphs: [
      `Am ${time(at)} erhielt Ihr Konto bei ${site} eine andere E-Mail-Adresse. Diese hier gehört nicht mehr dazu.`,
      IF_YOU,
      "Waren Sie es nicht, kennt jemand Ihr Passwort: Wenden Sie sich sofort an die Betreiber der Seite.",
    ],
    text: `Die E-Mail-Adresse Ihres Kontos bei ${site} wurde geändert. Waren Sie das nicht, setzen Sie sofort ein neues Passwort.`,
  }),
  phoneChanged: ({ site, at }) => ({
    subject: "Ihre Telefonnummer wurde geändert",
    paragraphs: [
      `Am ${time(at)} erhielt Ihr Konto bei ${site} eine andere Telefonnummer.`,
      IF_YOU,
      "Waren Sie es nicht, kennt jemand Ihr Passwort. Setzen Sie sofort ein neues.",
    ],
    text: `Die Telefonnummer Ihres Kontos bei ${site} wurde geändert. Waren Sie das nicht, setzen Sie sofort ein neues Passwort.`,
  }),
  refreshTokenReused: ({ site, at }) => ({
    subject: "Sie wurden auf einem Gerät abgemeldet",
    paragraphs: [
      `Am ${time(at)} hat jemand eine Kopie dessen benutzt, was Sie bei ${site} angemeldet hält. Diese Sitzung wurde beendet, auch auf Ihrem Gerät.`,
      "Melden Sie sich dort neu an. Wissen Sie nicht, wie das geschehen konnte, ändern Sie Ihr Passwort und prüfen Sie Ihre Sitzungen.",
    ],
    text: `Eine Kopie Ihrer Anmeldung bei ${site} wurde benutzt, die Sitzung ist beendet. Setzen Sie im Zweifel ein neues Passwort.`,
  }),
  resetPage: {
    title: "Neues Passwort setzen",
    newPassword: "Neues Passwort",
    repeatPassword: "Neues Passwort noch einmal",
    submit: "Passwort setzen",
    done: "Ihr neues Passwort ist gesetzt. Sie können sich jetzt damit anmelden.",
    invalidLink:
      "Dieser Link gilt nicht mehr: Er wurde benutzt, durch einen neueren ersetzt oder ist zu alt. Fordern Sie einen anderen an.",
    refusedPassword: "Ein Passwort hat 8 bis 256 Zeichen, zweimal dieselben, und ist nicht leicht zu erraten.",
    busy: "Gerade gibt es zu viele Anfragen. Versuchen Sie es gleich noch einmal.",
  },
};
