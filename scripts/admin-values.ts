/** What commands send to `AdminService`, and how they show its answers. */
import { errors } from "../src/errors.ts";
import type { Err, Result } from "../src/result.ts";
import { Refusal } from "./command.ts";

const MISCONFIGURED = "Some settings are missing or wrong. npm start writes those of a new clone.";

/** How a command explains the errors of its act. */
interface Known {
  /** What `not_found` means. */
  notFound?: string | undefined;
  /** Returns the option of a field, if it has one. */
  optionOf?: ((field: string) => string | undefined) | undefined;
}

/** Returns the value of a result. Throws a `Refusal` that says what to do. */
export function unwrap<T>(result: Result<T>, known: Known = {}): T {
  if (result.ok) return result.value;
  throw new Refusal(sentencesOf(result, known));
}

function sentencesOf({ code, detail, errors: fields = [] }: Err, { notFound, optionOf }: Known): string {
  // In development, the service names the missing table.
  if (code === "database_not_migrated") return errors[code].detail;
  if (code === "not_found") return detail ?? notFound ?? errors[code].detail;
  const lines = fields.map(({ path, message }) => {
    const [field = ""] = path.split(/[.[]/);
    return `${optionOf?.(field) ?? path}: ${message}`;
  });
  if (code === "misconfigured") return [MISCONFIGURED, ...lines].join("\n");
  return lines.length > 0 ? lines.join("\n") : (detail ?? errors[code].detail);
}

/**
 * Returns a value for a terminal. Users write some of it: it must not move the cursor, or look like
 * another line.
 */
export const shownText = (value: unknown) => {
  const text = Array.isArray(value) ? value.join(" ") : value;
  return typeof text === "object" || /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(String(text))
    ? escapeMarks(JSON.stringify(text))
    : String(text);
};

const escapeMarks = (json: string) =>
  json.replace(
    /[\x7f-\x9f\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const isSet = (value: unknown) => value !== null && value !== undefined && String(value) !== "";

/** One line for each field that is set. */
export const describe = (fields: object): string =>
  Object.entries(fields)
    .filter(([, value]) => isSet(value))
    .map(([name, value]) => `${name}: ${shownText(value)}`)
    .join("\n");

/** The lines of a page, and how to see the next one. */
export function linesOf(lines: string[], nextCursor: string | null, none: string): string {
  const more = nextCursor === null ? [] : [`There are more: repeat it with --cursor ${nextCursor}`];
  return [...(lines.length > 0 ? lines : [none]), ...more].join("\n");
}

/** A line of columns. Those that are not set are left out. */
export const row = (...columns: unknown[]): string => columns.filter(isSet).map(shownText).join("  ");

/**
 * Returns the number that an option has. The service refuses any other text, which `Number` would
 * turn into NaN, and JSON into a field that is left out.
 */
export const numberIn = (text: string): number => (/^\d+$/.test(text) ? Number(text) : (text as unknown as number));

/** The options of a list. */
export const pageOf = ({ limit, cursor }: { limit?: string; cursor?: string }) => ({
  ...(limit !== undefined && { limit: numberIn(limit) }),
  ...(cursor !== undefined && { cursor }),
});
