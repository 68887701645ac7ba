import type { Plural } from "../fill.ts";

/** Stands for `{minutes}`: "dans 5 minutes". 0 is singular. */
export const units: { minutes: Plural } = {
  minutes: { one: "{count} minute", many: "{count} de minutes", other: "{count} minutes" },
};
