import type { MailParts } from "../en/mail-parts.ts";

export const mailParts: MailParts = {
  code: "{code} es tu código.",
  fallback: "O abre este enlace:",
  when: "Fecha",
  device: "Dispositivo",
  network: "Red",
  sender: "Enviado por {sender}",
  checkAccount:
    "Si fuiste tú, no tienes que hacer nada. Si no, otra persona tiene acceso a tu cuenta. Inicia sesión, elimina los métodos de inicio de sesión que no sean tuyos y cierra la sesión en los demás dispositivos.",
  checkAccountText: "{subject} ({site}). Si no fuiste tú, inicia sesión y revisa tu cuenta de inmediato.",
};
