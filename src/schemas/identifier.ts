import * as z from "zod/mini";
import type { AccountName } from "../contract/identifiers.ts";
import { type Err, err } from "../result.ts";
import type { OneOfFields } from "./contract-fields.ts";
import { exactlyOne } from "./exactly-one.ts";
import { optional } from "./optional.ts";
import { findablePhone, type PhoneDeps } from "./phone.ts";
import { text } from "./text.ts";
import { toEmail, toPlain, withAsciiDigits } from "./typed.ts";

/** An identifier of an account, in the form that is stored and looked up. */
export interface Identifier {
  kind: "email" | "phone" | "username";
  value: string;
}

/** An email address, which becomes the form that is stored. */
export const Email = z.pipe(
  z.string().check(z.meta({ format: "email" })),
  z.transform((typed, { issues }) => {
    const address = toEmail(typed);
    if (address) return address;
    issues.push({ code: "custom", input: typed, message: "Must be an email address of at most 254 characters." });
    return z.NEVER;
  }),
);

export const Username = z
  .string()
  .check(
    z.overwrite(withAsciiDigits),
    z.regex(
      /^[A-Za-z][A-Za-z0-9_.-]{2,31}$/,
      "Must start with a letter and have 3 to 32 letters, digits, dots, hyphens or underscores.",
    ),
  );

/** A phone number as typed. `parsePhone` needs the deps to convert it. */
export const Phone = text({ max: 64, clean: toPlain });

/** An identifier of any kind as typed. `parseIdentifier` converts it. */
export const IdentifierText = text({ max: 254, clean: toPlain });

const name = optional(IdentifierText);

/** The fields that can name an account, as typed. A request has exactly one of them. */
export const identifierFields = {
  identifier: name,
  email: name,
  phone: name,
  username: name,
} satisfies OneOfFields<AccountName>;

type IdentifierFields = z.infer<z.ZodMiniObject<typeof identifierFields>>;

const NAMES = ["identifier", "email", "phone", "username"] as const;

/** Requires exactly one of the fields. */
export const oneIdentifier = exactlyOne(...NAMES);

/** Creates the error for taken identifiers. Its code names the first, its fields name all. */
export function refuseTaken(taken: [Identifier["kind"], ...Identifier["kind"][]]): Err;
export function refuseTaken(taken: Identifier["kind"][]): Err | undefined;
export function refuseTaken(taken: Identifier["kind"][]): Err | undefined {
  const [first] = taken;
  if (!first) return undefined;
  const fields = taken.map((path) => ({ path, code: "taken" as const, message: "Taken." }));
  return err(`${first}_taken`, fields);
}

/**
 * Reads the one identifier of a request. The form decides, not the field: an email address contains
 * an @, a username starts with a letter, everything else is a phone number. What is impossible
 * matches no account, except an address that was accepted under former rules.
 *
 * Only ASCII letters become lower case. `toLowerCase` would turn the Kelvin sign into an ASCII k.
 */
export async function parseIdentifier(body: IdentifierFields, deps: PhoneDeps): Promise<Identifier> {
  const typed = NAMES.map((name) => body[name]).find((value) => value !== undefined) ?? "";
  const plain = toPlain(typed);
  const email = toEmail(plain);
  if (email || plain.includes("@")) {
    return { kind: "email", value: email ?? plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) };
  }
  if (/^(?!tel:)[A-Za-z]/i.test(plain)) return { kind: "username", value: withAsciiDigits(plain) };
  return { kind: "phone", value: (await findablePhone(plain, deps)) ?? plain };
}

/** Converts the beginning of an identifier to the beginning of its stored form. */
export function toSearchText(typed: string): string {
  const plain = toPlain(typed);
  return plain.startsWith("+") ? withAsciiDigits(plain).replace(/[^+\d]/g, "") : (toEmail(plain) ?? plain);
}
