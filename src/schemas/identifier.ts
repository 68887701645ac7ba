import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import * as z from "zod";
import type { AccountName } from "../contract/identifiers.ts";
import { type Err, err, type FieldCode, ok, type Result } from "../result.ts";
import type { OneOfFields } from "./contract-fields.ts";
import { coded } from "./parse.ts";
import { text } from "./text.ts";

/** An identifier of an account, in the form that is stored and looked up. */
export interface Identifier {
  kind: "email" | "phone" | "username";
  value: string;
}

/**
 * An email address in lower case. Only ASCII is accepted: a homoglyph must not create a second
 * account for what looks like the same address. RFC 5321 §4.5.3.1 limits the length.
 */
export const Email = z.email("Must be an email address.").max(254, "Must have at most 254 characters.").toLowerCase();

export const Username = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{2,31}$/,
    "Must start with a letter and have 3 to 32 letters, digits, dots, hyphens or underscores.",
  );

/** A phone number as typed. `normalizePhone` needs the default country to convert it. */
export const Phone = text({ max: 32 });

const IdentifierText = text({ max: 254 }).optional();

/** The fields that can name an account, as typed. A request has exactly one of them. */
export const identifierFields = {
  identifier: IdentifierText,
  email: IdentifierText,
  phone: IdentifierText,
  username: IdentifierText,
} satisfies OneOfFields<AccountName>;

type IdentifierFields = z.infer<z.ZodObject<typeof identifierFields>>;

const NAMES = ["identifier", "email", "phone", "username"] as const;

/** Requires exactly one of the fields. */
export const oneIdentifier = z.superRefine<IdentifierFields>((body, context) => {
  const { length } = NAMES.filter((name) => body[name] !== undefined);
  if (length === 1) return;
  const message = "Send exactly one of identifier, email, phone and username.";
  context.addIssue({
    code: "custom",
    path: ["identifier"],
    message,
    ...coded(length === 0 ? "required" : "conflict"),
  });
});

/**
 * Returns the country (ISO 3166) of a mobile number in E.164. Undefined for all other numbers, such
 * as premium, shared-cost and landline ones, and for those that belong to no country, such as
 * satellite phones.
 */
export function mobileCountryOf(phone: string): string | undefined {
  const number = parsePhoneNumberFromString(phone);
  return number?.getType() === "MOBILE" ? number.country : undefined;
}

/**
 * Converts a phone number to E.164. Returns undefined if it is not a possible number. A number
 * without `+` is read as a national number of `country` (ISO 3166).
 */
export function normalizePhone(typed: string, country: string | undefined): string | undefined {
  const defaults = country ? { defaultCountry: country as CountryCode } : {};
  const number = parsePhoneNumberFromString(typed, { ...defaults, extract: false });
  return number?.isPossible() ? number.number : undefined;
}

/** The settings that decide which phone numbers an account may have. */
interface PhoneSettings {
  DEFAULT_COUNTRY?: string | undefined;
  SMS_COUNTRIES: string[];
}

/**
 * Converts the field `phone` of an account to E.164. Returns `invalid_request` if that is
 * impossible, or if no text message may be sent there: it could never be verified.
 */
export function parsePhone(typed: string, { DEFAULT_COUNTRY, SMS_COUNTRIES }: PhoneSettings): Result<string> {
  const phone = normalizePhone(typed, DEFAULT_COUNTRY);
  if (!phone) return refusePhone("invalid_format", "Must be a phone number.");
  return isTextable(phone, SMS_COUNTRIES)
    ? ok(phone)
    : refusePhone("unsupported_phone", "Must be a mobile number of a country that text messages are sent to.");
}

const refusePhone = (code: FieldCode, message: string) => err("invalid_request", [{ path: "phone", code, message }]);

/** Tests whether text messages may be sent to a number in E.164. */
export const isTextable = (phone: string, countries: string[]): boolean =>
  countries.includes(mobileCountryOf(phone) ?? "");

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
 * an @, a username starts with a letter, everything else is a phone number. An impossible number is
 * returned unchanged and matches no account.
 *
 * Only ASCII letters become lower case. `toLowerCase` would turn the Kelvin sign into an ASCII k.
 */
export function parseIdentifier(body: IdentifierFields, country: string | undefined): Identifier {
  const typed = NAMES.map((name) => body[name]).find((value) => value !== undefined) ?? "";
  if (typed.includes("@")) return { kind: "email", value: typed.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) };
  if (/^[A-Za-z]/.test(typed)) return { kind: "username", value: typed };
  return { kind: "phone", value: normalizePhone(typed, country) ?? typed };
}
