import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Iniciar sesión",
  notices: {
    verified: "Tu correo o número de teléfono está verificado. Ya puedes iniciar sesión.",
    reset: "Restableciste tu contraseña. Inicia sesión con la nueva.",
    unsent: "Tu sesión había terminado, así que no se guardó nada. Inicia sesión y envía el formulario de nuevo.",
    expired: "Tu inicio de sesión caducó. Empieza de nuevo.",
  },
  code: {
    title: "Iniciar sesión con un código",
    lead: "Te enviaremos un código para iniciar sesión.",
    submit: "Enviarme un código",
    submitMail: "Enviarme un código por correo",
    otherWay: "Iniciar sesión de otra forma",
    sentIf: "Si existe una cuenta para {address}, le enviamos un código.",
    mailedIf:
      "Si existe una cuenta para {address}, le enviamos un correo. Ingresa el código o abre el enlace en este navegador.",
    mailed: "Enviamos un correo a {address}. Ingresa el código o abre el enlace en este navegador.",
    resent: "Un código nuevo está en camino, si se puede enviar.",
    link: {
      lead: "Inicia sesión en tu cuenta en este navegador.",
      elsewhere: "Pediste este correo en otro navegador. Vuelve allí e ingresa este código:",
      warning: "No lo ingreses en ningún otro lugar. Si no lo pediste, cierra esta página.",
    },
  },
  noCookies:
    "Tu navegador bloquea la cookie que mantiene tu sesión iniciada. Permite las cookies de este sitio e inicia sesión de nuevo.",
  continue: {
    title: "Continúa a tu cuenta",
    text: "Llegaste aquí desde otro sitio.",
    link: "Continuar",
  },
};
