import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import * as z from "zod";
import type { AccountName } from "../contract/identifiers.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import type { OneOfFields } from "./contract-fields.ts";
import { text } from "./text.ts";

/** One of an account's identifiers, in the form that is stored and looked up. */
export interface Identifier {
  kind: "email" | "phone" | "username";
  value: string;
}

/** ASCII alone, so that no look-alike of another letter makes a second account of one address (RFC 5321 §4.5.3.1 for
 *  the length). Kept in lower case. */
export const Email = z.email("Must be an e-mail address.").max(254, "Must have at most 254 characters.").toLowerCase();

export const Username = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{2,31}$/,
    "Must start with a letter and have 3 to 32 letters, digits, dots, hyphens or underscores.",
  );

/** As typed; `normalizePhone` makes it a number, which takes the country that the service stands in. */
export const Phone = text({ max: 32 });

const IdentifierText = text({ max: 254 }).optional();

/** The fields of which exactly one names an account, as somebody types it. */
export const identifierFields = {
  identifier: IdentifierText,
  email: IdentifierText,
  phone: IdentifierText,
  username: IdentifierText,
} satisfies OneOfFields<AccountName>;

type IdentifierFields = z.infer<z.ZodObject<typeof identifierFields>>;

const NAMES = ["identifier", "email", "phone", "username"] as const;

export const oneIdentifier = z.refine<IdentifierFields>(
  (body) => NAMES.filter((name) => body[name] !== undefined).length === 1,
  { path: ["identifier"], error: "Give one of identifier, email, phone and username." },
);

/** The country calling code of a number in E.164, without its +. */
export const callingCodeOf = (phone: string): string | undefined =>
  parsePhoneNumberFromString(phone)?.countryCallingCode;

/** E.164, or undefined when the text cannot be a number. One without `+` is dialled from `country` (ISO 3166). */
export function normalizePhone(typed: string, country: string | undefined): string | undefined {
  const defaults = country ? { defaultCountry: country as CountryCode } : {};
  const number = parsePhoneNumberFromString(typed, { ...defaults, extract: false });
  return number?.isPossible() ? number.number : undefined;
}

/** The same of a field `phone`: `invalid_request` when it cannot be a number. */
export function parsePhone(typed: string, country: string | undefined): Result<string> {
  const phone = normalizePhone(typed, country);
  return phone ? ok(phone) : err("invalid_request", [{ path: "phone", message: "Must be a phone number." }]);
}

/** What is answered when others have these identifiers: the fields name each of them. */
export function refuseTaken(taken: [Identifier["kind"], ...Identifier["kind"][]]): Err;
export function refuseTaken(taken: Identifier["kind"][]): Err | undefined;
export function refuseTaken(taken: Identifier["kind"][]): Err | undefined {
  const [first] = taken;
  if (!first) return undefined;
  const fields = taken.map((path) => ({ path, message: "Taken." }));
  return err(`${first}_taken`, fields);
}

/** Tells identifiers apart by shape, whatever the field is called: a mail address has an @, a username starts with a
 *  letter, the rest is a number. What is none of them stays as it is, and no account has it. Only ASCII is lowered: other
 *  alphabets have letters, such as the Kelvin sign, whose lower case is an ASCII one. */
export function parseIdentifier(body: IdentifierFields, country: string | undefined): Identifier {
  const typed = NAMES.map((name) => body[name]).find((value) => value !== undefined) ?? "";
  if (typed.includes("@")) return { kind: "email", value: typed.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) };
  if (/^[A-Za-z]/.test(typed)) return { kind: "username", value: typed };
  return { kind: "phone", value: normalizePhone(typed, country) ?? typed };
}
