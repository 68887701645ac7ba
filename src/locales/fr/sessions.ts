import type { SessionsMessages } from "../en/sessions.ts";

export const sessions: SessionsMessages = {
  title: "Vos appareils connectés",
  thisDevice: "Cet appareil",
  others: "Autres appareils",
  activeNow: "Actif en ce moment",
  lastActive: "Dernière activité\u202f: {when}",
  signedIn: "Connexion\u202f: {when}",
  end: "Déconnecter",
  endOthers: "Déconnecter les autres appareils",
  endOthersLead:
    "Seule la session de cet appareil restera ouverte. Les applications autorisées seront déconnectées aussi.",
  endOthersNow: "Les déconnecter",
  ended: "La déconnexion a été effectuée.",
  signOut: { title: "Se déconnecter\u202f?", stay: "Garder la session ouverte" },
  signedOut: { title: "Déconnexion réussie", text: "Vous pouvez fermer cette page." },
  deleted: {
    title: "Votre compte a été supprimé",
    text: "Il ne peut pas être restauré. Vous pouvez utiliser la même adresse e-mail et le même numéro de téléphone pour un nouveau compte.",
  },
};
