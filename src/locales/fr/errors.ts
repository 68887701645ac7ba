import type { ErrorsMessages } from "../en/errors.ts";

export const errors: ErrorsMessages = {
  byCode: {
    invalid_request: "Vérifiez les champs signalés.",
    reauthentication_required: "Saisissez votre mot de passe pour continuer.",
    invalid_credentials: "Mot de passe incorrect ou compte inexistant.",
    account_disabled: "Ce compte est désactivé. Contactez les responsables de ce site.",
    verification_required:
      "Vérifiez d’abord votre adresse e-mail ou votre numéro de téléphone. Nous vous avons envoyé un code.",
    captcha_required:
      "Effectuez le contrôle de sécurité, puis réessayez. S’il ne s’affiche pas, activez JavaScript et autorisez challenges.cloudflare.com.",
    invalid_code: "Ce code est incorrect ou a expiré. Vérifiez-le ou demandez-en un nouveau.",
    invalid_token: "Ce lien a expiré ou a déjà été utilisé. Demandez-en un nouveau.",
    too_many_attempts:
      "Trop de tentatives infructueuses. Patientez un peu ou réinitialisez votre mot de passe par e-mail.",
    too_many_requests: "Trop de demandes.",
    last_address: "C’est le seul moyen de contact vérifié de votre compte. Vérifiez-en d’abord un autre.",
    check_unavailable: "Un contrôle de sécurité est indisponible pour le moment. Réessayez dans un instant.",
    overloaded: "Nous recevons beaucoup de demandes. Réessayez dans un instant.",
  },
  byFieldCode: {
    missing_address:
      "Votre compte ne contient pas encore cette information. Ajoutez-la d’abord ou faites un autre choix.",
    unsupported_phone:
      "Nous ne pouvons pas envoyer de SMS à ce numéro. Utilisez une adresse e-mail, ou un numéro de mobile d’un pays vers lequel nous envoyons des SMS.",
    common_password: "Ce mot de passe est trop courant. Choisissez-en un plus difficile à deviner.",
    breached_password: "Ce mot de passe figure dans une fuite de données. Choisissez-en un autre.",
    identifier_as_password:
      "N’utilisez ni votre nom, ni votre adresse e-mail, ni votre numéro de téléphone, ni le nom de ce site.",
  },
  wrongPassword: "Mot de passe incorrect. Réessayez.",
  unknown: "Une erreur s’est produite. Réessayez dans un instant.",
  titlePrefix: "Erreur",
  tryAgain: "Réessayer",
  retryIn: "Réessayez dans {seconds}\u202fs.",
  pages: {
    notFound: { title: "Page introuvable", text: "Vérifiez que l’adresse ne contient pas de faute de frappe." },
    tooMany: { title: "Trop de demandes" },
    busy: { title: "Un instant", text: "Nous recevons beaucoup de demandes." },
    incomplete: {
      title: "Configuration inachevée",
      text: "Les responsables de ce site doivent encore terminer sa configuration.",
    },
    foreignForm: {
      title: "Le formulaire n’a pas été envoyé",
      text: "Nous n’avons pas pu confirmer qu’il provient de notre propre page. Rien n’a donc été modifié. Rouvrez la page ou mettez votre navigateur à jour.",
    },
    failed: { title: "Une erreur s’est produite", text: "Revenez en arrière et réessayez." },
  },
  needsHttps: "En HTTP, la connexion ne fonctionne que sur localhost, et pas dans Safari. Utilisez HTTPS.",
};
