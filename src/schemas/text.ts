import * as z from "zod/mini";
import { toName } from "./typed.ts";

const unchanged = (text: string) => text;

interface Text {
  min?: number;
  max: number;
  /** Converts what was typed, before its length counts. */
  clean?: (typed: string) => string;
  /** Converts the text whose length counts, and no other. */
  measure?: (text: string) => string;
}

/** Text of `min` to `max` code points, as in JSON Schema. `z.minLength` counts UTF-16 units. */
export function text({ min = 1, max, clean = unchanged, measure = unchanged }: Text) {
  const message = `Must have ${min} to ${max} characters.`;
  return z.string().check(
    z.overwrite(clean),
    ({ value: input, issues }) => {
      const value = measure(input);
      // A code point has at most two UTF-16 units, so a longer text need not be counted.
      const length = value.length > 2 * max ? value.length : [...value].length;
      const rule = { origin: "string", inclusive: true, input, message, continue: true } as const;
      if (length < min) issues.push({ ...rule, code: "too_small", minimum: min });
      if (length > max) issues.push({ ...rule, code: "too_big", maximum: max });
    },
    z.meta({ minLength: min, maxLength: max }),
  );
}

/**
 * A name, without control characters. A line break could inject a mail header, and a bidirectional
 * control, which `toName` removes, could reorder the text that follows it.
 */
export function line({ max }: { max: number }) {
  return text({ max, clean: toName }).check(
    z.refine((value) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value), "Must not contain control characters."),
  );
}
