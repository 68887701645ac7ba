import type { MailMessages } from "../messages.ts";

const VALIDITY = "Expira en {minutes}. No lo compartas con nadie. Nunca te lo pediremos.";
const IGNORE = "¿No lo solicitaste? Puedes ignorar este correo.";
const CHECK = "Comprueba que fuiste tú.";
const IF_YOU = "Si fuiste tú, no tienes que hacer nada. Si no,";
const NOT_ME = "No fui yo";

/** For a new address: as a mail it is an email address, as a text a phone number. */
const addressChange: MailMessages["email-change"] = {
  subject: "Verifica tu nuevo correo electrónico",
  preheader: "Ingresa el código para continuar.",
  lead: "Ingresa este código para usar este correo en tu cuenta de {site}:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} es tu código para usar este número en tu cuenta de {site}. No lo compartas.",
};

const verification: MailMessages["verification"] = {
  subject: "Tu código de verificación",
  preheader: "Ingresa el código para continuar.",
  lead: "Ingresa este código para verificar tu correo en {site}:",
  validity: VALIDITY,
  unrequested: IGNORE,
  text: "{code} es tu código para verificar este número en {site}. No lo compartas.",
};

export const mails: MailMessages = {
  "password-reset-link": {
    subject: "Restablece tu contraseña",
    preheader: "Usa el enlace para elegir una nueva.",
    lead: "Recibimos una solicitud para restablecer la contraseña de tu cuenta de {site}.",
    button: "Elegir contraseña nueva",
    validity: "El enlace expira en {minutes} y solo funciona una vez.",
    unrequested: `${IGNORE} Tu contraseña no cambiará.`,
  },
  "password-reset-code": {
    subject: "Tu código para restablecer la contraseña",
    preheader: "Ingresa el código para continuar.",
    lead: "Ingresa este código para restablecer la contraseña de tu cuenta de {site}:",
    validity: VALIDITY,
    unrequested: `${IGNORE} Tu contraseña no cambiará.`,
    text: "{code} es tu código para restablecer tu contraseña de {site}. No lo compartas.",
  },
  // Sent to phones only.
  "recovery-verification": {
    ...verification,
    text: "{code} es tu código para verificar este número en {site}. Luego vuelve a solicitar una contraseña. No lo compartas.",
  },
  verification,
  "address-release-link": {
    subject: "¿Esta cuenta es tuya?",
    preheader: "Tu correo está en una cuenta.",
    lead: "Una cuenta de {site} tiene este correo además de otro correo o número de teléfono, pero nadie lo ha verificado.",
    advice:
      "Si la cuenta es tuya, inicia sesión con el otro correo o número y verifica este correo. Si no, quita tu correo de ella. Después podrás crear tu propia cuenta.",
    button: "Quitar mi correo",
    validity: "El enlace expira en {minutes} y solo funciona una vez.",
    unrequested: IGNORE,
    text: "Una cuenta de {site} tiene este número sin verificar. Si no es tuya, quita el número aquí: {link}",
  },
  "email-change": addressChange,
  "phone-change": addressChange,
  "address-taken": {
    subject: "Ya tienes una cuenta",
    preheader: "No ha cambiado nada.",
    lead: "Alguien ingresó este correo en {site}. Ya tienes una cuenta con él, así que no ha cambiado nada.",
    advice: "Si fuiste tú, inicia sesión con esa cuenta. También puedes restablecer tu contraseña.",
    button: "Iniciar sesión",
    unrequested: IGNORE,
    text: "Alguien ingresó este número en {site}. Ya tienes una cuenta con él.",
  },
  "password-changed": {
    subject: "Se cambió tu contraseña",
    preheader: CHECK,
    lead: "Se cambió la contraseña de tu cuenta de {site}. Se cerró la sesión en los demás dispositivos.",
    advice: `${IF_YOU} alguien sabe tu contraseña o puede leer tus mensajes. Restablece tu contraseña de inmediato y protege también tu correo.`,
    button: NOT_ME,
    text: "Se cambió la contraseña de tu cuenta de {site}. Si no fuiste tú, restablécela de inmediato.",
  },
  "password-voided": {
    subject: "Se eliminó tu contraseña",
    preheader: "Necesitas una nueva.",
    lead: "Un administrador eliminó la contraseña de tu cuenta de {site}. Elige una nueva para volver a iniciar sesión.",
    button: "Elegir contraseña nueva",
    text: "Se eliminó la contraseña de tu cuenta de {site}. Solicita un enlace o un código para elegir una nueva.",
  },
  "username-changed": {
    subject: "Se cambió tu nombre de usuario",
    preheader: CHECK,
    lead: "Se cambió el nombre de usuario de tu cuenta de {site}.",
    advice: `${IF_YOU} otra persona tiene acceso a tu cuenta. Restablece tu contraseña de inmediato.`,
    button: NOT_ME,
    text: "Se cambió el nombre de usuario de tu cuenta de {site}. Si no fuiste tú, restablece tu contraseña de inmediato.",
  },
  "account-deleted": {
    subject: "Se eliminó tu cuenta",
    preheader: CHECK,
    lead: "Se eliminó tu cuenta de {site}.",
    advice: `${IF_YOU} contacta de inmediato a los responsables de {site}.`,
    button: NOT_ME,
    text: "Se eliminó tu cuenta de {site}. Si no fuiste tú, contacta de inmediato a los responsables del sitio.",
  },
  "email-changed": {
    subject: "Se cambió tu correo electrónico",
    preheader: CHECK,
    lead: "Se cambió el correo de tu cuenta de {site}. Este ya no está asociado a ella.",
    advice: `${IF_YOU} otra persona tiene acceso a tu cuenta. Inicia sesión con tu nombre de usuario o número de teléfono y cambia tu contraseña, o contacta a los responsables de {site}.`,
    button: NOT_ME,
    text: "Se cambió el correo de tu cuenta de {site}. Si no fuiste tú, restablece tu contraseña de inmediato.",
  },
  "phone-changed": {
    subject: "Se cambió tu número de teléfono",
    preheader: CHECK,
    lead: "Se cambió el número de teléfono de tu cuenta de {site}.",
    advice: `${IF_YOU} otra persona tiene acceso a tu cuenta. Restablece tu contraseña de inmediato y corrige el número en la configuración de tu cuenta.`,
    button: NOT_ME,
    text: "Se cambió el número de teléfono de tu cuenta de {site}. Si no fuiste tú, restablece tu contraseña de inmediato.",
  },
  "email-verified": {
    subject: "Se verificó un correo electrónico",
    preheader: CHECK,
    lead: "Se verificó un correo de tu cuenta de {site}. Ahora sirve para restablecer tu contraseña.",
    advice: `${IF_YOU} otra persona tiene acceso a tu cuenta. Restablece tu contraseña de inmediato y corrige el correo en la configuración de tu cuenta.`,
    button: NOT_ME,
    text: "Se verificó el correo de tu cuenta de {site}. Si no fuiste tú, restablece tu contraseña de inmediato.",
  },
  "phone-verified": {
    subject: "Se verificó un número de teléfono",
    preheader: CHECK,
    lead: "Se verificó un número de teléfono de tu cuenta de {site}. Ahora sirve para restablecer tu contraseña.",
    advice: `${IF_YOU} otra persona tiene acceso a tu cuenta. Restablece tu contraseña de inmediato y corrige el número en la configuración de tu cuenta.`,
    button: NOT_ME,
    text: "Se verificó el número de teléfono de tu cuenta de {site}. Si no fuiste tú, restablece tu contraseña de inmediato.",
  },
  "email-removed": {
    subject: "Se eliminó un correo electrónico",
    preheader: CHECK,
    lead: "Se eliminó un correo de tu cuenta de {site}. Ya no sirve para iniciar sesión ni para restablecer la contraseña.",
    advice: `${IF_YOU} inicia sesión de otra forma, revisa la actividad reciente y cambia tu contraseña.`,
    button: NOT_ME,
    text: "Se eliminó un correo de tu cuenta de {site}. Si no fuiste tú, inicia sesión y revisa tu cuenta.",
  },
  "phone-removed": {
    subject: "Se eliminó un número de teléfono",
    preheader: CHECK,
    lead: "Se eliminó un número de teléfono de tu cuenta de {site}. Ya no sirve para iniciar sesión ni para restablecer la contraseña.",
    advice: `${IF_YOU} inicia sesión, revisa la actividad reciente y cambia tu contraseña.`,
    button: NOT_ME,
    text: "Se eliminó un número de teléfono de tu cuenta de {site}. Si no fuiste tú, inicia sesión y revisa tu cuenta.",
  },
  "refresh-token-reused": {
    subject: "Se cerró tu sesión en un dispositivo",
    preheader: "Cerramos una de tus sesiones.",
    lead: "Alguien usó una copia de tu sesión de {site}, así que la cerramos. Inicia sesión de nuevo.",
    advice: "Si no sabes cómo ocurrió, revisa la actividad reciente y cambia tu contraseña.",
    button: NOT_ME,
    text: "Alguien usó una copia de tu sesión de {site}, así que la cerramos. Si tienes dudas, restablece tu contraseña.",
  },
};
