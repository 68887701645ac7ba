import type { ErrorsMessages } from "../en/errors.ts";

export const errors: ErrorsMessages = {
  byCode: {
    invalid_request: "Revisa los campos marcados.",
    reauthentication_required: "Ingresa tu contraseña para continuar.",
    invalid_credentials: "La contraseña es incorrecta o la cuenta no existe.",
    account_disabled: "Esta cuenta está desactivada. Contacta a los responsables de este sitio.",
    verification_required: "Primero verifica tu correo o número de teléfono. Te enviamos un código.",
    captcha_required:
      "Completa la verificación de seguridad e inténtalo de nuevo. Si no aparece, activa JavaScript y permite challenges.cloudflare.com.",
    invalid_code: "Este código es incorrecto o ha expirado. Revísalo o solicita uno nuevo.",
    invalid_token: "Este enlace ha expirado o ya se usó. Solicita uno nuevo.",
    too_many_attempts: "Demasiados intentos fallidos. Espera un poco o restablece tu contraseña por correo.",
    too_many_requests: "Demasiadas solicitudes.",
    last_address: "Este es tu único correo o número de teléfono verificado. Primero verifica otro.",
    check_unavailable:
      "No podemos hacer una verificación de seguridad en este momento. Inténtalo de nuevo en un momento.",
    overloaded: "Estamos recibiendo muchas solicitudes. Inténtalo de nuevo en un momento.",
  },
  byFieldCode: {
    missing_address: "Tu cuenta todavía no tiene este dato. Agrégalo primero o elige otra opción.",
    unsupported_phone:
      "No podemos enviar SMS a este número. Usa un correo o un número móvil de un país al que enviamos SMS.",
    common_password: "Esta contraseña es demasiado común. Elige una más difícil de adivinar.",
    breached_password: "Esta contraseña apareció en una filtración de datos. Elige otra.",
    identifier_as_password: "No uses tu nombre, tu correo, tu número de teléfono ni el nombre de este sitio.",
  },
  wrongPassword: "Contraseña incorrecta. Inténtalo de nuevo.",
  unknown: "Algo salió mal. Inténtalo de nuevo en un momento.",
  titlePrefix: "Error",
  tryAgain: "Intentar de nuevo",
  retryIn: "Inténtalo de nuevo en {seconds} s.",
  pages: {
    notFound: { title: "Página no encontrada", text: "Comprueba que la dirección esté bien escrita." },
    tooMany: { title: "Demasiadas solicitudes" },
    busy: {
      title: "Un momento",
      text: "Estamos recibiendo muchas solicitudes.",
    },
    incomplete: {
      title: "Configuración pendiente",
      text: "Los responsables de este sitio aún tienen que terminar de configurarlo.",
    },
    foreignForm: {
      title: "El formulario no se envió",
      text: "No pudimos confirmar que provenga de nuestra propia página, así que no se cambió nada. Abre la página de nuevo o actualiza tu navegador.",
    },
    failed: { title: "Algo salió mal", text: "Vuelve atrás e inténtalo de nuevo." },
  },
  needsHttps: "Con HTTP, el inicio de sesión solo funciona en localhost, y no en Safari. Usa HTTPS.",
};
