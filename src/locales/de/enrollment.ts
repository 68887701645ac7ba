import type { EnrollmentMessages } from "../en/enrollment.ts";

export const enrollment: EnrollmentMessages = {
  title: "Zweiten Schritt einrichten",
  lead: "Diese Website verlangt einen zweiten Schritt bei der Anmeldung. Richten Sie einen ein, um fortzufahren.",
  other: "Anderen Weg wählen",
  required:
    "Diese Website verlangt einen zweiten Schritt bei der Anmeldung, und Sie haben nur diesen. Fügen Sie zuerst einen weiteren hinzu.",
};
