import type { MailMessages } from "../messages.ts";

// Texts to phones keep to the GSM alphabet, which has "é", "è" and "à" but not "ê", "ç" or "’", so
// that each fits into one SMS.

const VALIDITY = "Il expire dans {minutes}. Ne le communiquez à personne. Nous ne vous le demanderons jamais.";
const IGNORE = "Vous n’êtes pas à l’origine de cette demande\u202f? Vous pouvez ignorer cet e-mail.";
const CHECK = "Vérifiez que c’était bien vous.";
const IF_YOU = "Si c’était vous, vous n’avez rien à faire. Sinon,";
const NOT_ME = "Ce n’était pas moi";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Vérifiez votre nouvelle adresse e-mail",
  preheader: "Saisissez le code pour continuer.",
  lead: "Saisissez ce code pour utiliser cette adresse e-mail avec votre compte {site}\u202f:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} est votre code pour utiliser ce numéro avec votre compte {site}. Ne le communiquez à personne.",
};

const verification: MailMessages["verification"] = {
  subject: "Votre code de vérification",
  preheader: "Saisissez le code pour continuer.",
  lead: "Saisissez ce code pour vérifier votre adresse e-mail sur {site}\u202f:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} est votre code pour vérifier ce numéro sur {site}. Ne le communiquez à personne.",
};

export const mails: MailMessages = {
  "reauthentication-code": {
    subject: "Votre code de confirmation",
    preheader: "Saisissez le code pour continuer.",
    lead: "Saisissez ce code pour confirmer une modification de votre compte {site}\u202f:",
    validity: VALIDITY,
    unrequested:
      "Vous n’avez rien demandé\u202f? Quelqu’un d’autre est peut-être connecté à votre compte. Déconnectez-y tous les autres appareils.",
    text: "{code} est votre code pour confirmer une modification de votre compte {site}. Ne le communiquez à personne.",
  },
  "login-code": {
    subject: "Votre code de connexion",
    preheader: "Saisissez le code ou utilisez le bouton.",
    lead: "Saisissez ce code pour vous connecter à votre compte {site}\u202f:",
    advice: "Si vous vous connectez sur cet appareil, vous pouvez utiliser le bouton à la place.",
    button: "Se connecter",
    validity:
      "Le code et le bouton expirent dans {minutes} et ne fonctionnent qu’une fois. Ne les communiquez à personne. Nous ne vous les demanderons jamais.",
    unrequested: IGNORE,
    text: "{code} est votre code pour vous connecter à {site}. Ne le communiquez à personne.",
  },
  "password-reset-link": {
    subject: "Réinitialisez votre mot de passe",
    preheader: "Utilisez le lien pour en choisir un nouveau.",
    lead: "Nous avons reçu une demande de réinitialisation du mot de passe de votre compte {site}.",
    button: "Choisir un nouveau mot de passe",
    validity: "Le lien expire dans {minutes} et ne fonctionne qu’une seule fois.",
    unrequested: `${IGNORE} Votre mot de passe reste inchangé.`,
  },
  "password-reset-code": {
    subject: "Votre code de réinitialisation du mot de passe",
    preheader: "Saisissez le code pour continuer.",
    lead: "Saisissez ce code pour réinitialiser le mot de passe de votre compte {site}\u202f:",
    validity: VALIDITY,
    unrequested: `${IGNORE} Votre mot de passe reste inchangé.`,
    text: "{code} est votre code pour réinitialiser votre mot de passe {site}. Ne le communiquez à personne.",
  },
  // Sent to phones only.
  "recovery-verification": {
    ...verification,
    text: "{code} est votre code pour vérifier ce numéro sur {site}. Demandez ensuite à nouveau un mot de passe.",
  },
  verification,
  "address-release-link": {
    subject: "Est-ce votre compte\u202f?",
    preheader: "Un compte contient votre adresse e-mail.",
    lead: "Un compte {site} contient cette adresse e-mail, en plus d’une autre adresse ou d’un numéro de téléphone, mais personne ne l’a vérifiée.",
    advice:
      "Si ce compte est à vous, connectez-vous avec l’autre adresse ou le numéro, et vérifiez cette adresse e-mail. Sinon, retirez votre adresse e-mail de ce compte. Vous pourrez ensuite créer le vôtre.",
    button: "Retirer mon adresse e-mail",
    validity: "Le lien expire dans {minutes} et ne fonctionne qu’une seule fois.",
    unrequested: IGNORE,
    text: "Un compte {site} contient ce numéro sans vérification. S'il n'est pas à vous, retirez le numéro ici : {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "Vous avez déjà un compte",
    preheader: "Rien n’a changé.",
    lead: "Quelqu’un a saisi cette adresse e-mail sur {site}. Vous avez déjà un compte avec cette adresse, rien n’a donc changé.",
    advice: "Si c’était vous, connectez-vous avec ce compte.",
    button: "Se connecter",
    unrequested: IGNORE,
    text: "Quelqu'un a saisi ce numéro sur {site}. Vous avez déjà un compte avec ce numéro.",
  },
  "password-changed": {
    subject: "Votre mot de passe a été modifié",
    preheader: CHECK,
    lead: "Le mot de passe de votre compte {site} a été modifié. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un connaît votre mot de passe ou peut lire vos messages. Réinitialisez votre mot de passe sans attendre et sécurisez aussi votre messagerie.`,
    button: NOT_ME,
    text: "Le mot de passe de votre compte {site} a été modifié. Si ce n'était pas vous, réinitialisez-le sans attendre.",
  },
  "password-voided": {
    subject: "Votre mot de passe a été supprimé",
    preheader: "Il vous en faut un nouveau.",
    lead: "Un administrateur a supprimé le mot de passe de votre compte {site}. Choisissez-en un nouveau pour vous reconnecter.",
    button: "Choisir un nouveau mot de passe",
    text: "Le mot de passe de votre compte {site} a été supprimé. Demandez un lien ou un code pour en choisir un nouveau.",
  },
  "username-changed": {
    subject: "Votre nom d’utilisateur a été modifié",
    preheader: CHECK,
    lead: "Le nom d’utilisateur de votre compte {site} a été modifié.",
    advice: `${IF_YOU} quelqu’un d’autre a accès à votre compte. Réinitialisez votre mot de passe sans attendre.`,
    button: NOT_ME,
    text: "Le nom d'utilisateur de votre compte {site} a été modifié. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "account-deleted": {
    subject: "Votre compte a été supprimé",
    preheader: CHECK,
    lead: "Votre compte {site} a été supprimé.",
    advice: `${IF_YOU} contactez sans attendre les responsables de {site}.`,
    button: NOT_ME,
    text: "Votre compte {site} a été supprimé. Si ce n'était pas vous, contactez sans attendre les responsables du site.",
  },
  "email-changed": {
    subject: "Votre adresse e-mail a été modifiée",
    preheader: CHECK,
    lead: "L’adresse e-mail de votre compte {site} a été modifiée. Celle-ci n’y est plus associée.",
    advice: `${IF_YOU} quelqu’un d’autre a accès à votre compte. Connectez-vous avec votre nom d’utilisateur ou votre numéro de téléphone et modifiez votre mot de passe, ou contactez les responsables de {site}.`,
    button: NOT_ME,
    text: "L'adresse e-mail de votre compte {site} a été modifiée. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "phone-changed": {
    subject: "Votre numéro de téléphone a été modifié",
    preheader: CHECK,
    lead: "Le numéro de téléphone de votre compte {site} a été modifié.",
    advice: `${IF_YOU} quelqu’un d’autre a accès à votre compte. Réinitialisez votre mot de passe sans attendre, puis corrigez le numéro dans les paramètres de votre compte.`,
    button: NOT_ME,
    text: "Le numéro de votre compte {site} a été modifié. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "email-verified": {
    subject: "Une adresse e-mail a été vérifiée",
    preheader: CHECK,
    lead: "Une adresse e-mail de votre compte {site} a été vérifiée. Elle peut maintenant servir à récupérer votre compte.",
    advice: `${IF_YOU} quelqu’un d’autre a accès à votre compte. Réinitialisez votre mot de passe sans attendre, puis corrigez l’adresse dans les paramètres de votre compte.`,
    button: NOT_ME,
    text: "L'adresse e-mail de votre compte {site} a été vérifiée. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "phone-verified": {
    subject: "Un numéro de téléphone a été vérifié",
    preheader: CHECK,
    lead: "Un numéro de téléphone de votre compte {site} a été vérifié. Il peut maintenant servir à récupérer votre compte.",
    advice: `${IF_YOU} quelqu’un d’autre a accès à votre compte. Réinitialisez votre mot de passe sans attendre, puis corrigez le numéro dans les paramètres de votre compte.`,
    button: NOT_ME,
    text: "Le numéro de votre compte {site} a été vérifié. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "email-removed": {
    subject: "Une adresse e-mail a été supprimée",
    preheader: CHECK,
    lead: "Une adresse e-mail a été supprimée de votre compte {site}. Elle ne permet plus de se connecter ni de récupérer le compte.",
    advice: `${IF_YOU} connectez-vous d’une autre façon, consultez l’activité récente et modifiez votre mot de passe.`,
    button: NOT_ME,
    text: "Une adresse e-mail a été supprimée de votre compte {site}. Si ce n'était pas vous, vérifiez votre compte.",
  },
  "phone-removed": {
    subject: "Un numéro de téléphone a été supprimé",
    preheader: CHECK,
    lead: "Un numéro de téléphone a été supprimé de votre compte {site}. Il ne permet plus de se connecter ni de récupérer le compte.",
    advice: `${IF_YOU} connectez-vous, consultez l’activité récente et modifiez votre mot de passe.`,
    button: NOT_ME,
    text: "Un numéro de téléphone a été supprimé de votre compte {site}. Si ce n'était pas vous, vérifiez votre compte.",
  },
  "totp-added": {
    subject: "Une application d’authentification a été ajoutée",
    preheader: CHECK,
    lead: "Une application d’authentification a été ajoutée à votre compte {site}. Elle est désormais nécessaire pour se connecter. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe et contactez les responsables de {site}.`,
    button: NOT_ME,
    text: "Une application d'authentification a été ajoutée à votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "totp-removed": {
    subject: "Une application d’authentification a été supprimée",
    preheader: CHECK,
    lead: "L’application d’authentification a été supprimée de votre compte {site}. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis ajoutez de nouveau l’application.`,
    button: NOT_ME,
    text: "L'application d'authentification de votre compte {site} a été supprimée. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "passkey-added": {
    subject: "Une clé d’accès a été ajoutée",
    preheader: CHECK,
    lead: "Une clé d’accès a été ajoutée à votre compte {site}. Elle permet désormais de se connecter. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe et contactez les responsables de {site}.`,
    button: NOT_ME,
    text: "Une clé d'accès a été ajoutée à votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "passkey-removed": {
    subject: "Une clé d’accès a été supprimée",
    preheader: CHECK,
    lead: "Une clé d’accès a été supprimée de votre compte {site}. Elle ne permet plus de se connecter. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis vérifiez vos clés d’accès.`,
    button: NOT_ME,
    text: "Une clé d'accès de votre compte {site} a été supprimée. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "recovery-codes-created": {
    subject: "De nouveaux codes de récupération ont été créés",
    preheader: CHECK,
    lead: "De nouveaux codes de récupération ont été créés pour votre compte {site}. Les précédents ne fonctionnent plus.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis créez de nouveaux codes.`,
    button: NOT_ME,
    text: "De nouveaux codes de récupération ont été créés pour votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "recovery-code-used": {
    subject: "Un code de récupération a été utilisé",
    preheader: CHECK,
    lead: "Un code de récupération a été utilisé pour votre compte {site}. Chaque code ne fonctionne qu’une fois. S’il vous en reste peu, créez-en de nouveaux dans les paramètres de votre compte.",
    advice: `${IF_YOU} quelqu’un d’autre connaît votre mot de passe et vos codes. Réinitialisez immédiatement votre mot de passe, puis créez de nouveaux codes.`,
    button: NOT_ME,
    text: "Un code de récupération de votre compte {site} a été utilisé. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "password-removed": {
    subject: "Votre mot de passe a été supprimé",
    preheader: CHECK,
    lead: "Le mot de passe de votre compte {site} a été supprimé. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Définissez immédiatement un nouveau mot de passe.`,
    button: NOT_ME,
    text: "Le mot de passe de votre compte {site} a été supprimé. Si ce n'était pas vous, définissez-en un nouveau.",
  },
  "identity-linked": {
    subject: "Un compte a été associé",
    preheader: CHECK,
    lead: "Un compte d’un autre service a été associé à votre compte {site}. Il permet maintenant de se connecter. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis dissociez ce compte dans vos paramètres.`,
    button: NOT_ME,
    text: "Un autre compte a été associé à votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "identity-unlinked": {
    subject: "Un compte a été dissocié",
    preheader: CHECK,
    lead: "Un compte associé a été retiré de votre compte {site}. Il ne permet plus de se connecter. Tous les autres appareils ont été déconnectés.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis vérifiez vos comptes associés.`,
    button: NOT_ME,
    text: "Un compte associé a été retiré de votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "api-key-created": {
    subject: "Une clé d’API a été créée",
    preheader: CHECK,
    lead: "Une clé d’API a été créée pour votre compte {site}. Les programmes qui la détiennent peuvent agir en votre nom.",
    advice: `${IF_YOU} quelqu’un d’autre peut utiliser votre compte. Révoquez la clé, puis réinitialisez immédiatement votre mot de passe.`,
    button: "Vérifier les clés d’API",
    text: "Une clé d'API a été créée pour votre compte {site}. Si ce n'était pas vous, révoquez-la et réinitialisez votre mot de passe.",
  },
  "factor-removal-requested": {
    subject: "Vos seconds facteurs vont être supprimés",
    preheader: CHECK,
    lead: "Il a été demandé aux responsables de {site} de supprimer de votre compte l’application d’authentification, les clés d’accès et les codes de récupération, car ils sont perdus. Ce sera fait après un délai d’attente.",
    advice:
      "S’il vous en reste un, connectez-vous avec : cela annule la suppression. Vérifiez ensuite vos méthodes de connexion.",
    button: NOT_ME,
    text: "La suppression des seconds facteurs de votre compte {site} est prévue. Pour annuler, connectez-vous avec l'un d'eux.",
  },
  "factors-removed": {
    subject: "Vos seconds facteurs ont été supprimés",
    preheader: CHECK,
    lead: "L’application d’authentification, les clés d’accès et les codes de récupération de votre compte {site} ont été supprimés. Tous les appareils ont été déconnectés. Si votre compte n’a pas de mot de passe, définissez-en un pour vous connecter.",
    advice: `${IF_YOU} quelqu’un d’autre peut peut-être utiliser votre compte. Réinitialisez immédiatement votre mot de passe, puis ajoutez de nouveau un second facteur.`,
    button: NOT_ME,
    text: "Les seconds facteurs de votre compte {site} ont été supprimés. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "second-factor-locked": {
    subject: "Des codes erronés ont été saisis",
    preheader: CHECK,
    lead: "Plusieurs codes erronés ont été saisis pour la deuxième étape de connexion à votre compte {site}. Pour le moment, aucun autre code n’y est accepté.",
    advice: `${IF_YOU} quelqu’un d’autre connaît votre mot de passe ou utilise l’un de vos appareils. Réinitialisez immédiatement votre mot de passe.`,
    button: NOT_ME,
    text: "Codes erronés saisis pour votre compte {site}. Si ce n'était pas vous, réinitialisez votre mot de passe.",
  },
  "refresh-token-reused": {
    subject: "Un de vos appareils a été déconnecté",
    preheader: "Nous avons fermé une session.",
    lead: "Quelqu’un a utilisé une copie de votre session sur {site}, nous l’avons donc fermée. Reconnectez-vous.",
    advice:
      "Si vous ne savez pas comment cela a pu se produire, consultez l’activité récente et modifiez votre mot de passe.",
    button: NOT_ME,
    text: "Une copie de votre session {site} a été utilisée. Nous l'avons fermée. En cas de doute, réinitialisez votre mot de passe.",
  },
};
