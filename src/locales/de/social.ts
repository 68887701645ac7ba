import type { SocialMessages } from "../en/social.ts";

export const social: SocialMessages = {
  or: "oder",
  continueWith: "Weiter mit {provider}",
  lastUsed: "Zuletzt benutzt",
  exists:
    "Mit dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich wie gewohnt an, dann können Sie {provider} verknüpfen.",
  failures: {
    provider_denied: {
      title: "Anmeldung abgebrochen",
      text: "Sie haben die Anmeldung mit {provider} nicht abgeschlossen. Es wurde nichts geändert.",
    },
    provider_unavailable: {
      title: "{provider} antwortet nicht",
      text: "Wir erreichen {provider} gerade nicht. Versuchen Sie es gleich noch einmal, oder melden Sie sich anders an.",
    },
    provider_refused: {
      title: "Anmeldung fehlgeschlagen",
      text: "Wir konnten Ihre Anmeldung mit {provider} nicht bestätigen. Versuchen Sie es noch einmal, oder melden Sie sich anders an.",
    },
    provider_not_asked: {
      title: "Dort erneut anmelden",
      text: "{provider} hat keine neue Anmeldung verlangt. Melden Sie sich dort ab und versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.",
    },
    invalid_state: {
      title: "Diese Anmeldung ist abgelaufen",
      text: "Sie hat zu lange gedauert, wurde schon benutzt oder begann in einem anderen Browser. Beginnen Sie hier neu.",
    },
    identity_exists: {
      title: "Nicht verknüpft",
      text: "Dieses {provider}-Konto ist hier mit einem anderen Konto verknüpft, oder Sie haben zu viele verknüpft. Melden Sie sich damit an, um das herauszufinden, und lösen Sie dort zuerst die Verknüpfung.",
    },
    verification_required: {
      title: "Noch ein Schritt",
      text: "{provider} hat keine E-Mail-Adresse von Ihnen bestätigt. Erstellen Sie ein Konto mit Ihrer E-Mail-Adresse, oder melden Sie sich an. Verknüpfen Sie dann {provider} in Ihren Kontoeinstellungen.",
    },
  },
  otherWays: "Andere Wege zur Anmeldung",
  title: "Verknüpfte Konten",
  purpose: "Konten bei anderen Diensten, mit denen Sie sich hier anmelden.",
  count: { one: "{count} verknüpftes Konto", other: "{count} verknüpfte Konten" },
  none: "Noch keine",
  manage: "Verknüpfte Konten verwalten",
  linked: "Verknüpft {when}",
  link: "{provider} verknüpfen",
  leaving:
    "{provider} wird Sie bitten, sich dort anzumelden. Danach melden Sie sich mit Ihrem dortigen Konto auch hier an.",
  linkThis: "Danach können Sie sich hier mit diesem {provider}-Konto anmelden.",
  linkNow: { submit: "Konto verknüpfen" },
  account: "{provider}-Konto ohne E-Mail-Adresse",
  skip: "Jetzt nicht",
  unlink: "{provider} trennen",
  removal: "Mit Ihrem {provider}-Konto können Sie sich hier dann nicht mehr anmelden.",
  lastWayIn: "Das ist Ihr einziger Weg zur Anmeldung. Fügen Sie zuerst einen Passkey oder ein Passwort hinzu.",
  notices: {
    identityLinked: "Konto verknüpft. Auf allen anderen Geräten wurden Sie abgemeldet.",
    identityUnlinked: "Verknüpfung gelöst. Auf allen anderen Geräten wurden Sie abgemeldet.",
  },
  otherAccount:
    "Die E-Mail-Adresse jenes Kontos gehört hier zu einem anderen Konto. Um beide zusammen zu benutzen, melden Sie sich ab und im anderen Konto an.",
};
