import type { Plural } from "../fill.ts";

/** Stands for `{minutes}`: "innerhalb von 5 Minuten". */
export const units: { minutes: Plural } = {
  minutes: { one: "{count} Minute", other: "{count} Minuten" },
};
