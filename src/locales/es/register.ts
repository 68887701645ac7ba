import type { RegisterMessages } from "../en/register.ts";

export const register: RegisterMessages = {
  title: "Crea tu cuenta",
  submit: "Crear cuenta",
  passkey: { submit: "Usar mejor una llave de acceso" },
  link: "Crear una cuenta",
  haveAccount: "¿Ya tienes una cuenta?",
};
