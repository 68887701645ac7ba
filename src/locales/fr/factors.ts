import type { FactorsMessages } from "../en/factors.ts";

export const factors: FactorsMessages = {
  code: {
    title: "Saisissez votre code",
    submit: "Continuer",
    totp: {
      lead: "Ouvrez votre application d’authentification et saisissez le code de ce compte.",
      label: "Code de l’application",
      hint: "6 chiffres. Ils changent toutes les 30 secondes.",
      wrong:
        "Ce code est incorrect ou a déjà été utilisé. Saisissez celui que l’application affiche maintenant. Si cela ne fonctionne toujours pas, activez l’heure automatique sur votre téléphone.",
    },
    recovery_code: {
      lead: "Saisissez l’un des codes de récupération que vous avez conservés. Chacun ne fonctionne qu’une fois.",
      label: "Code de récupération",
      hint: "10 lettres et chiffres.",
      wrong: "Ce code est incorrect ou a déjà été utilisé. Saisissez-en un autre.",
    },
    others: {
      passkey: "Utiliser votre clé d’accès",
      totp: "Utiliser votre application d’authentification",
      recovery_code: "Utiliser un code de récupération",
    },
    locked: "Trop de tentatives infructueuses. Patientez un moment, puis réessayez.",
  },
  identity: {
    title: "Confirmez votre identité",
    lead: "Vous êtes sur le point d’apporter une modification importante à votre compte.",
    codeLead: "Nous vous enverrons d’abord un code.",
  },
  notices: {
    totpAdded: "Application d’authentification ajoutée. Tous vos autres appareils ont été déconnectés.",
    totpRemoved: "Application d’authentification supprimée. Tous vos autres appareils ont été déconnectés.",
    codesCreated: "Nouveaux codes de récupération créés. Tous vos autres appareils ont été déconnectés.",
  },
  codeUsed: {
    one: "Vous vous êtes connecté avec un code de récupération. Il reste {count} code.",
    other: "Vous vous êtes connecté avec un code de récupération. Il reste {count} codes.",
  },
  app: {
    title: "Application d’authentification",
    purpose:
      "Demande un code de l’application après votre mot de passe. Un mot de passe volé ne suffit alors plus pour se connecter.",
    notSetUp: "Non configurée",
    added: "Ajoutée\u202f: {when}",
    add: "Ajouter une application",
    remove: "Supprimer l’application d’authentification",
    lead: "Il vous faut une application qui affiche des codes de connexion, comme Google Authenticator ou votre gestionnaire de mots de passe. Votre mot de passe seul ne suffira alors plus pour vous connecter\u202f: vous saisirez aussi un code.",
    expired: "La configuration a expiré. Recommencez.",
    setUp: "Configurer votre application d’authentification",
    scan: "Scannez ce QR code avec votre application d’authentification.",
    qrCode: "QR code contenant la clé indiquée ci-dessous",
    key: "Ou saisissez cette clé dans l’application\u202f:",
    enter: "Saisissez ensuite le code que l’application affiche.",
    confirm: { submit: "Confirmer" },
    removal: "Les codes de cette application ne vous connecteront plus.",
  },
  codes: {
    title: "Codes de récupération",
    purpose: "Ils vous connectent si vous perdez l’appareil qui contient votre application ou votre clé d’accès.",
    left: { one: "{count} code restant", other: "{count} codes restants" },
    low: "Créez-en de nouveaux avant de les avoir tous utilisés.",
    renewal: "Vos codes de récupération actuels ne fonctionneront plus.",
    saveTitle: "Conservez vos codes de récupération",
    lead: "Si vous perdez l’appareil qui contient votre application ou votre clé d’accès, connectez-vous avec votre mot de passe et l’un de ces codes. Chacun ne fonctionne qu’une fois. Conservez-les en lieu sûr, par exemple dans un gestionnaire de mots de passe\u202f: nous ne les afficherons plus.",
    saved: { submit: "Je les ai conservés" },
  },
  lastFactor:
    "Votre mot de passe seul suffira alors pour vous connecter, et vos codes de récupération ne fonctionneront plus.",
  acts: {
    copy: "Copier",
    copied: "Copié",
    download: "Télécharger",
    print: "Imprimer",
    create: "Créer de nouveaux codes",
  },
};
