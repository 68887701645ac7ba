import type { FactorRemovalMessages } from "../en/factor-removal.ts";

export const factorRemoval: FactorRemovalMessages = {
  lead: "Tu aplicación de autenticación, tus llaves de acceso y tus códigos de recuperación se eliminarán el {when}, porque se reportaron como perdidos. Consérvalos si no es así.",
  keep: { submit: "Conservar mis métodos" },
  kept: "No se eliminarán tus métodos de inicio de sesión.",
};
