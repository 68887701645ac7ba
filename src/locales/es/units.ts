import type { Plural } from "../fill.ts";

/** Stands for `{minutes}`: "en 5 minutos". */
export const units: { minutes: Plural } = {
  minutes: { one: "{count} minuto", many: "{count} de minutos", other: "{count} minutos" },
};
