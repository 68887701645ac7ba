import type { SocialMessages } from "../en/social.ts";

export const social: SocialMessages = {
  or: "o",
  continueWith: "Continuar con {provider}",
  lastUsed: "Último uso",
  exists: "Ya existe una cuenta con este correo. Inicia sesión como siempre y después podrás vincular {provider}.",
  failures: {
    provider_denied: {
      title: "Inicio de sesión cancelado",
      text: "No terminaste de iniciar sesión con {provider}. No se cambió nada.",
    },
    provider_unavailable: {
      title: "{provider} no responde",
      text: "Ahora mismo no podemos contactar con {provider}. Inténtalo de nuevo en un momento o inicia sesión de otra forma.",
    },
    provider_refused: {
      title: "No se pudo iniciar sesión",
      text: "No pudimos confirmar tu inicio de sesión con {provider}. Inténtalo de nuevo o inicia sesión de otra forma.",
    },
    provider_not_asked: {
      title: "Inicia sesión allí de nuevo",
      text: "{provider} no te pidió iniciar sesión de nuevo. Cierra la sesión allí e inténtalo otra vez, o usa otra forma.",
    },
    invalid_state: {
      title: "Este inicio de sesión ha caducado",
      text: "Tardó demasiado, ya se usó o empezó en otro navegador. Empieza de nuevo aquí.",
    },
    identity_exists: {
      title: "No se vinculó",
      text: "Esta cuenta de {provider} está vinculada a otra cuenta de aquí, o has vinculado demasiadas. Inicia sesión con ella para comprobarlo y desvincúlala allí primero.",
    },
    verification_required: {
      title: "Falta un paso",
      text: "{provider} no confirmó ningún correo tuyo. Crea una cuenta con tu correo o inicia sesión. Después vincula {provider} en los ajustes de tu cuenta.",
    },
  },
  otherWays: "Otras formas de iniciar sesión",
  title: "Cuentas vinculadas",
  purpose: "Cuentas de otros servicios con las que inicias sesión aquí.",
  count: { one: "{count} cuenta vinculada", other: "{count} cuentas vinculadas" },
  none: "Ninguna todavía",
  manage: "Gestionar cuentas vinculadas",
  linked: "Vinculada: {when}",
  link: "Vincular {provider}",
  leaving: "{provider} te pedirá que inicies sesión allí. A partir de entonces, tu cuenta de allí te da acceso aquí.",
  linkThis: "A partir de entonces, puedes iniciar sesión aquí con esta cuenta de {provider}.",
  linkNow: { submit: "Vincular cuenta" },
  account: "Cuenta de {provider} sin correo",
  skip: "Ahora no",
  unlink: "Desvincular {provider}",
  removal: "Tu cuenta de {provider} ya no te dará acceso aquí.",
  lastWayIn: "Es tu única forma de iniciar sesión. Añade antes una llave de acceso o una contraseña.",
  notices: {
    identityLinked: "Cuenta vinculada. Se cerró la sesión en todos los demás dispositivos.",
    identityUnlinked: "Cuenta desvinculada. Se cerró la sesión en todos los demás dispositivos.",
  },
  otherAccount:
    "El correo de esa cuenta pertenece a otra cuenta de aquí. Para usar las dos juntas, cierra la sesión e inicia sesión en la otra.",
};
