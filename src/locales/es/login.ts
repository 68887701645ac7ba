import type { LoginMessages } from "../en/login.ts";

export const login: LoginMessages = {
  signIn: "Iniciar sesión",
  notices: {
    verified: "Tu correo o número de teléfono está verificado. Ya puedes iniciar sesión.",
    reset: "Restableciste tu contraseña. Inicia sesión con la nueva.",
    unsent: "Tu sesión había terminado, así que no se guardó nada. Inicia sesión y envía el formulario de nuevo.",
    expired: "Tu inicio de sesión caducó. Empieza de nuevo.",
  },
  noCookies:
    "Tu navegador bloquea la cookie que mantiene tu sesión iniciada. Permite las cookies de este sitio e inicia sesión de nuevo.",
  continue: {
    title: "Continúa a tu cuenta",
    text: "Llegaste aquí desde otro sitio.",
    link: "Continuar",
  },
};
