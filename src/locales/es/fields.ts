import type { FieldsMessages } from "../en/fields.ts";

export const fields: FieldsMessages = {
  identifier: {
    label: "Correo, teléfono o usuario",
    invalid: "Ingresa tu correo, número de teléfono o nombre de usuario.",
  },
  address: {
    label: "Correo o teléfono",
    invalid: "Ingresa tu correo o número de teléfono.",
  },
  email: {
    label: "Correo electrónico",
    invalid: "Ingresa un correo electrónico, por ejemplo, jane@example.com.",
    taken: "Ya existe una cuenta con este correo.",
    unchanged: "Este ya es tu correo.",
  },
  phone: {
    label: "Teléfono",
    hint: "Incluye el código de país, por ejemplo, +1\u00a0202\u00a0555\u00a00123. Los SMS se pueden interceptar, así que agrega también un correo.",
    nationalHint:
      "Sin código de país, usamos {code} ({country}). Los SMS se pueden interceptar, así que agrega también un correo.",
    invalid: "Ingresa un número que pueda recibir SMS, por ejemplo, +1\u00a0202\u00a0555\u00a00123.",
    taken: "Ya existe una cuenta con este número de teléfono.",
    unchanged: "Este ya es tu número de teléfono.",
  },
  username: {
    label: "Nombre de usuario",
    invalid: "Usa de 3 a 32 letras, números, puntos, guiones o guiones bajos. Empieza con una letra.",
    taken: "Este nombre de usuario ya está en uso.",
  },
  password: {
    label: "Contraseña",
    invalid: "Usa de 8 a 256 caracteres. Evita tu nombre y todo lo que sea fácil de adivinar.",
  },
  old_password: { label: "Contraseña actual", invalid: "Ingresa tu contraseña actual." },
  new_password: {
    label: "Contraseña nueva",
    hint: "Al menos 8 caracteres.",
    invalid: "Usa de 8 a 256 caracteres. Evita tu nombre y todo lo que sea fácil de adivinar.",
  },
  otp: { label: "Código", hint: "6 dígitos.", invalid: "Ingresa todos los dígitos del código." },
  code: { label: "Código", invalid: "Ingresa todos los caracteres del código." },
  first_name: { label: "Nombre", invalid: "Usa hasta 100 caracteres en una sola línea." },
  last_name: { label: "Apellidos", invalid: "Usa hasta 100 caracteres en una sola línea." },
  name: { label: "Nombre", invalid: "Usa de 1 a 60 caracteres." },
  scopes: { label: "Permisos", invalid: "Elige al menos un permiso." },
  expires_in: { label: "Caduca después de", invalid: "Elige cuánto tiempo vale la clave." },
  short_description: { label: "Sobre ti", invalid: "Usa hasta 500 caracteres." },
  contact: {
    label: "Contacto preferido",
    invalid: "Elige un correo o número de teléfono de tu cuenta.",
  },
  locale: { label: "Idioma preferido", invalid: "Elige un idioma." },
};
