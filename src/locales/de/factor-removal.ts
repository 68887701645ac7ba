import type { FactorRemovalMessages } from "../en/factor-removal.ts";

export const factorRemoval: FactorRemovalMessages = {
  lead: "Ihre Authenticator-App, Passkeys und Wiederherstellungscodes werden am {when} entfernt, weil sie als verloren gemeldet wurden. Behalten Sie sie, wenn das nicht stimmt.",
  keep: { submit: "Anmeldemethoden behalten" },
  kept: "Ihre Anmeldemethoden werden nicht entfernt.",
};
