import * as z from "zod";

/** Text of `min` to `max` code points, as in JSON Schema. `.min` and `.max` count UTF-16 units. */
export function text({ min = 1, max }: { min?: number; max: number }) {
  const message = `Must have ${min} to ${max} characters.`;
  return z
    .string()
    .check(({ value: input, issues }) => {
      // A code point has at most two UTF-16 units, so a longer text need not be counted.
      const length = input.length > 2 * max ? input.length : [...input].length;
      const rule = { origin: "string", inclusive: true, input, message, continue: true } as const;
      if (length < min) issues.push({ ...rule, code: "too_small", minimum: min });
      if (length > max) issues.push({ ...rule, code: "too_big", maximum: max });
    })
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
