import type { EnrollmentMessages } from "../en/enrollment.ts";

export const enrollment: EnrollmentMessages = {
  title: "Agrega un segundo paso",
  lead: "Este sitio exige un segundo paso para iniciar sesión. Configura uno para continuar.",
  other: "Elegir otra forma",
  required: "Este sitio exige un segundo paso para iniciar sesión, y este es el único que tienes. Agrega otro antes.",
};
