import type { Plural } from "../fill.ts";

/** Stands for `{minutes}`: "within 5 minutes". */
export const units: { minutes: Plural } = {
  minutes: { one: "{count} minute", other: "{count} minutes" },
};
