import * as z from "zod";

/** Text whose length counts in code points, as people and JSON Schema count, not in UTF-16 units. */
export function text({ min = 1, max }: { min?: number; max: number }) {
  const message = `Must have ${min} to ${max} characters.`;
  return z
    .string()
    .refine((value) => {
      // A code point has at most two units: what is longer than that need not be counted.
      if (value.length > 2 * max) return false;
      const length = [...value].length;
      return min <= length && length <= max;
    }, message)
    .meta({ minLength: min, maxLength: max });
}

/** One line of text: a line break in a name could end a mail header, and a turn of direction could reorder what stands
 *  after it. */
export function line(length: { max: number }) {
  return text(length).refine(
    (value) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(value),
    "Must not hold control characters.",
  );
}
