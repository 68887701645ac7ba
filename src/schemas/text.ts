import * as z from "zod";

/** Text of `min` to `max` code points, as in JSON Schema. `.min` and `.max` count UTF-16 units. */
export function text({ min = 1, max }: { min?: number; max: number }) {
  const message = `Must have ${min} to ${max} characters.`;
  return z
    .string()
    .refine((value) => {
      // A code point has at most two UTF-16 units, so a longer text need not be counted.
      if (value.length > 2 * max) return false;
      const length = [...value].length;
      return min <= length && length <= max;
    }, message)
    .meta({ minLength: min, maxLength: max });
}

/**
 * Text without control characters. A line break in a name could inject a mail header, and a
 * bidirectional control could reorder the text that follows it.
 */
export function line(length: { max: number }) {
  return text(length).refine(
    (value) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(value),
    "Must not contain control characters.",
  );
}
