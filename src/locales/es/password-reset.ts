import type { PasswordResetMessages } from "../en/password-reset.ts";

export const passwordReset: PasswordResetMessages = {
  forgot: {
    title: "¿Olvidaste tu contraseña?",
    lead: "Ingresa tu correo, número de teléfono o nombre de usuario. Te enviaremos un enlace o un código para elegir una contraseña nueva.",
    submit: "Continuar",
    haveCode: "Tengo un código",
  },
  sent: {
    title: "Revisa tu correo",
    text: "Si existe una cuenta para {address}, enviamos un enlace a su correo. El enlace expira en {minutes}.",
    noEmail: "Si la cuenta no tiene correo, vuelve atrás e ingresa su número de teléfono para recibir un código.",
    resend: "Enviar otro enlace",
    resendIn: "Enviar otro enlace en {seconds} s",
    resent: "Si existe una cuenta, va en camino un enlace nuevo.",
    edit: "Usar otro correo o teléfono",
  },
  reset: {
    title: "Elige una contraseña nueva",
    codeTitle: "Ingresa tu código",
    sentTo: "Si existe una cuenta para {address}, le enviamos un código. Ingrésalo para elegir una contraseña nueva.",
    lead: "Ingresa el código que te enviamos y elige una contraseña nueva.",
    codeHint: "6 u 8 dígitos.",
    submit: "Restablecer contraseña",
    verifyFirst: "Recibí un código para verificar mi teléfono",
    newLink: "Enviar otro enlace",
  },
};
