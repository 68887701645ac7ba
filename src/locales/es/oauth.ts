import type { OauthMessages } from "../en/oauth.ts";

export const oauth: OauthMessages = {
  title: "{client} quiere usar tu cuenta",
  lead: "{client} no forma parte de este servicio. La aplicación pide:",
  ownLead: "{client} pide:",
  scopes: {
    openid: "Saber cuál es tu cuenta",
    profile: "Ver tu nombre y tu perfil",
    email: "Ver tu correo electrónico",
    phone: "Ver tu número de teléfono",
    offline_access: "Seguir conectada cuando no la uses",
    account: "Administrar tu cuenta",
  },
  signedInAs: "Has iniciado sesión como {name}",
  another: { submit: "Usar otra cuenta" },
  unchecked: "Nadie aquí ha revisado esta aplicación. Su dirección es {host}.",
  resource: "Este acceso es para {host}.",
  returns: "Después volverás a {host}.",
  revocable: "Podrás quitar el acceso más tarde en tu cuenta.",
  local: "La aplicación se ejecuta en tu dispositivo. Permítela solo si acabas de abrirla tú.",
  allow: { submit: "Permitir" },
  deny: { submit: "No permitir" },
  leaving: { title: "Volver a {client}", link: "Continuar" },
  device: {
    title: "Conectar un dispositivo",
    lead: "Ingresa el código que muestra la aplicación o el dispositivo.",
    next: { submit: "Continuar" },
    wrong: "Este código es incorrecto o ha caducado. Compruébalo o pide otro en el dispositivo.",
    warning:
      "Comprueba que tu dispositivo muestra el código {code}. Si alguien te ha enviado este código, no lo permitas: entraría en tu cuenta.",
    allowed: "Listo. Vuelve a tu dispositivo, que continuará en unos segundos.",
    denied: "El dispositivo no tiene acceso a tu cuenta. Puedes cerrar esta página.",
  },
  refused: {
    title: "Este enlace no funciona",
    text: "La aplicación de la que vienes ha cometido un error o no se conoce aquí. Vuelve a ella e inténtalo de nuevo. Si no funciona, avisa a quienes la desarrollan.",
  },
};
