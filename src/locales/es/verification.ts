import type { VerificationMessages } from "../en/verification.ts";

export const verification: VerificationMessages = {
  title: "Ingresa tu código",
  titleEmail: "Revisa tu correo",
  sentTo: "Ingresa el código que enviamos a {address}.",
  lead: "Ingresa el código que te enviamos.",
  submit: "Continuar",
  notReceived: "¿No te llegó? Revisa la carpeta de spam.",
  resend: "Enviar otro código",
  resendIn: "Enviar otro código en {seconds} s",
  resent: "Si aún falta verificarlo, va en camino un código nuevo.",
  required: "Verifica tu correo o número de teléfono antes de iniciar sesión.",
  edit: "Usar otro correo o teléfono",
};
