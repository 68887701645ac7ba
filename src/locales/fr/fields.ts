import type { FieldsMessages } from "../en/fields.ts";

export const fields: FieldsMessages = {
  identifier: {
    label: "E-mail, téléphone ou nom d’utilisateur",
    invalid: "Saisissez votre adresse e-mail, votre numéro de téléphone ou votre nom d’utilisateur.",
  },
  address: {
    label: "E-mail ou téléphone",
    invalid: "Saisissez votre adresse e-mail ou votre numéro de téléphone.",
  },
  email: {
    label: "E-mail",
    invalid: "Saisissez une adresse e-mail, par exemple jane@example.com.",
    taken: "Un compte existe déjà avec cette adresse e-mail.",
    unchanged: "C’est déjà votre adresse e-mail.",
  },
  phone: {
    label: "Téléphone",
    hint: "Avec l’indicatif du pays, par exemple +33\u00a06\u00a039\u00a098\u00a012\u00a034. Les SMS peuvent être interceptés, alors ajoutez aussi une adresse e-mail.",
    nationalHint:
      "Sans indicatif du pays, nous utilisons {code} ({country}). Les SMS peuvent être interceptés, alors ajoutez aussi une adresse e-mail.",
    invalid:
      "Saisissez un numéro de mobile qui peut recevoir des SMS, par exemple +33\u00a06\u00a039\u00a098\u00a012\u00a034.",
    taken: "Un compte existe déjà avec ce numéro de téléphone.",
    unchanged: "C’est déjà votre numéro de téléphone.",
  },
  username: {
    label: "Nom d’utilisateur",
    invalid:
      "Utilisez de 3 à 32 lettres, chiffres, points, tirets ou traits de soulignement. Commencez par une lettre.",
    taken: "Ce nom d’utilisateur est déjà pris.",
  },
  password: {
    label: "Mot de passe",
    invalid: "Utilisez de 8 à 256 caractères. Évitez votre nom et tout ce qui est facile à deviner.",
  },
  old_password: { label: "Mot de passe actuel", invalid: "Saisissez votre mot de passe actuel." },
  new_password: {
    label: "Nouveau mot de passe",
    hint: "Au moins 8 caractères.",
    invalid: "Utilisez de 8 à 256 caractères. Évitez votre nom et tout ce qui est facile à deviner.",
  },
  otp: { label: "Code", hint: "6 chiffres.", invalid: "Saisissez tous les chiffres du code." },
  code: { label: "Code", invalid: "Saisissez tous les caractères du code." },
  first_name: { label: "Prénom", invalid: "Utilisez au maximum 100 caractères sur une seule ligne." },
  last_name: { label: "Nom", invalid: "Utilisez au maximum 100 caractères sur une seule ligne." },
  name: { label: "Nom", invalid: "Utilisez de 1 à 60 caractères." },
  scopes: { label: "Autorisations", invalid: "Choisissez au moins une autorisation." },
  expires_in: { label: "Expire après", invalid: "Choisissez la durée de validité de la clé." },
  short_description: { label: "À propos de vous", invalid: "Utilisez au maximum 500 caractères." },
  contact: {
    label: "Moyen de contact préféré",
    invalid: "Choisissez une adresse e-mail ou un numéro de téléphone de votre compte.",
  },
  locale: { label: "Langue préférée", invalid: "Choisissez une langue." },
};
