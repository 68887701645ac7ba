import type { FactorsMessages } from "../en/factors.ts";

export const factors: FactorsMessages = {
  code: {
    title: "Ingresa tu código",
    submit: "Continuar",
    totp: {
      lead: "Abre tu aplicación de autenticación e ingresa el código de esta cuenta.",
      label: "Código de la aplicación",
      hint: "6 dígitos. Cambian cada 30 segundos.",
      wrong:
        "Este código es incorrecto o ya se usó. Ingresa el que la aplicación muestra ahora. Si sigue sin funcionar, activa la hora automática en tu teléfono.",
    },
    recovery_code: {
      lead: "Ingresa uno de los códigos de recuperación que guardaste. Cada uno funciona una sola vez.",
      label: "Código de recuperación",
      hint: "10 letras y dígitos.",
      wrong: "Este código es incorrecto o ya se usó. Ingresa otro.",
    },
    others: {
      passkey: "Usar tu llave de acceso",
      totp: "Usar tu aplicación de autenticación",
      recovery_code: "Usar un código de recuperación",
    },
    locked: "Demasiados intentos fallidos. Espera un rato e inténtalo de nuevo.",
  },
  identity: {
    title: "Confirma que eres tú",
    lead: "Estás a punto de hacer un cambio importante en tu cuenta.",
    codeLead: "Primero te enviaremos un código.",
  },
  notices: {
    totpAdded: "Aplicación de autenticación agregada. Cerramos tu sesión en los demás dispositivos.",
    totpRemoved: "Aplicación de autenticación eliminada. Cerramos tu sesión en los demás dispositivos.",
    codesCreated: "Códigos de recuperación nuevos creados. Cerramos tu sesión en los demás dispositivos.",
  },
  codeUsed: {
    one: "Iniciaste sesión con un código de recuperación. Queda {count} código.",
    other: "Iniciaste sesión con un código de recuperación. Quedan {count} códigos.",
  },
  app: {
    title: "Aplicación de autenticación",
    purpose:
      "Pide un código de la aplicación después de tu contraseña. Así, una contraseña robada no basta para iniciar sesión.",
    notSetUp: "Sin configurar",
    added: "Agregada: {when}",
    add: "Agregar aplicación",
    remove: "Eliminar aplicación de autenticación",
    lead: "Necesitas una aplicación que muestre códigos de inicio de sesión, como Google Authenticator o tu gestor de contraseñas. Desde entonces no bastará con tu contraseña para iniciar sesión: también ingresarás un código.",
    expired: "La configuración caducó. Empieza de nuevo.",
    setUp: "Configura tu aplicación de autenticación",
    scan: "Escanea este código QR con tu aplicación de autenticación.",
    qrCode: "Código QR con la clave que aparece debajo",
    key: "O ingresa esta clave en la aplicación:",
    enter: "Luego ingresa el código que muestra la aplicación.",
    confirm: { submit: "Confirmar" },
    removal: "Los códigos de esta aplicación ya no servirán para iniciar sesión.",
  },
  codes: {
    title: "Códigos de recuperación",
    purpose: "Sirven para iniciar sesión si pierdes el dispositivo con tu aplicación o tu llave de acceso.",
    left: { one: "Queda {count} código", other: "Quedan {count} códigos" },
    low: "Crea otros antes de que se acaben.",
    renewal: "Tus códigos de recuperación actuales dejarán de funcionar.",
    saveTitle: "Guarda tus códigos de recuperación",
    lead: "Si pierdes el dispositivo con tu aplicación o tu llave de acceso, inicia sesión con tu contraseña y uno de estos códigos. Cada uno funciona una sola vez. Guárdalos en un lugar seguro, como un gestor de contraseñas: no los mostraremos de nuevo.",
    saved: { submit: "Ya los guardé" },
  },
  lastFactor:
    "Para iniciar sesión bastará entonces con tu contraseña, y tus códigos de recuperación dejarán de funcionar.",
  acts: {
    copy: "Copiar",
    copied: "Copiado",
    download: "Descargar",
    print: "Imprimir",
    create: "Crear códigos nuevos",
  },
};
