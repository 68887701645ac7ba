/**
 * Phone numbers: how people type them, what is stored, and how they are shown.
 *
 * The numbering plans of all countries are a file of `public`, which is read when the first phone
 * number occurs. Without it, numbers cannot be read, and functions throw `FileUnavailableError`,
 * except those that only show something.
 */
import {
  type CountryCode,
  getCountryCallingCode,
  type MetadataJson,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/core";
import { logError } from "../log.ts";
import { err, type FieldCode, ok, type Result } from "../result.ts";
import { type Assets, staticFile } from "../static-file.ts";
import { withAsciiDigits } from "./typed.ts";

const numberingPlans = staticFile("/numbering-plans.json", (text): MetadataJson => JSON.parse(text));

/** The settings that decide how a phone number is read, and which an account may have. */
export interface PhoneSettings {
  /** The country (ISO 3166) of a number that is typed without one. */
  DEFAULT_COUNTRY?: string | undefined;
  SMS_COUNTRIES: string[];
}

/** The part of `Deps` that reading a phone number needs. */
export interface PhoneDeps {
  assets: Assets;
  config: PhoneSettings;
}

/**
 * Punctuation, the trunk prefix that is written between a country code and a number, and the end of
 * an item in a list. Elsewhere a comma or a semicolon is a pause before an extension.
 */
const PUNCTUATION = /(?<=\d\D*)\(\s*0\s*\)|[\p{Pd}\s()[\]./_~·•\u2212]|[\s,;]+$/gu;
/** The place of a carrier code in Brazilian numbers: `0 xx 11 …`. */
const CARRIER = /^0xx/i;
/**
 * Mobile numbers of abolished plans, which contact lists still have. Mexico dropped its mobile and
 * trunk prefixes in 2019; mobile numbers of Brazil got another 9 until 2016.
 */
const FORMER: [RegExp, string][] = [
  [/^\+52(?:1|0(?:1|44|45))(?=\d{10}$)/, "+52"],
  [/^(\+55\d\d)(?=[6-9]\d{7}$)/, "$19"],
];
/** International prefixes of most countries. The parser knows the one of the default country. */
const INTERNATIONAL_PREFIX = /^\+?00|^011/;

/**
 * Reads a typed number in each way it can be meant: with its plus sign, or as a national number of
 * the default country, with a plus sign that was left out, or after an international prefix. A
 * country code is never read twice: the parser takes a second 1 for the trunk prefix of the US.
 */
async function readingsOf(typed: string, { assets, config }: PhoneDeps): Promise<PhoneNumber[]> {
  const plans = await numberingPlans(assets);
  // In a `tel:` URI, a local number has its country in a parameter (RFC 3966 §5.1.5).
  const [number = "", context = ""] = typed.replace(/^tel:/i, "").split(";phone-context=");
  const text = withAsciiDigits(context + number)
    .normalize("NFKC")
    .replace(PUNCTUATION, "")
    .replace(CARRIER, "0");
  const withPlus = [text, text.replace(INTERNATIONAL_PREFIX, "+")].map(
    (spelling) => `+${spelling.replace(/^\++/, "")}`,
  );
  const country = config.DEFAULT_COUNTRY;
  const defaults = country ? { defaultCountry: country as CountryCode } : {};
  const options = { ...defaults, extract: false };
  return [...(text.startsWith("+") ? [] : [text]), ...withPlus]
    .map((spelling) => parsePhoneNumberFromString(spelling, options, plans))
    .filter((reading) => reading !== undefined)
    .map((reading) => (reading.ext ? reading : renew(reading, plans)))
    .filter(({ countryCallingCode: code, nationalNumber }) => !text.includes(code + code + nationalNumber));
}

function renew(reading: PhoneNumber, plans: MetadataJson): PhoneNumber {
  const number = FORMER.reduce<string>((text, [former, now]) => text.replace(former, now), reading.number);
  return parsePhoneNumberFromString(number, plans) ?? reading;
}

const isMobile = (number: PhoneNumber) => number.getType() === "MOBILE";

const textableOf = (readings: PhoneNumber[], countries: string[]) => [
  ...new Set(readings.filter((it) => isMobile(it) && countries.includes(it.country ?? "")).map(({ number }) => number)),
];

/**
 * Converts the phone number of an account to E.164. Returns `invalid_request` if that is impossible
 * or ambiguous, or if no text message may be sent there: it could never be verified.
 *
 * A number without a plus sign may be a national one, or an international one whose plus sign was
 * left out. It is accepted if text messages may be sent to only one of the two. An extension is
 * refused, because it receives no text messages.
 */
export async function parsePhone(typed: string, deps: PhoneDeps): Promise<Result<string>> {
  const readings = await readingsOf(typed, deps);
  if (readings.some(({ ext }) => ext)) return refuse("invalid_format", "Must not have an extension.");
  const [phone, other] = textableOf(readings, deps.config.SMS_COUNTRIES);
  if (other)
    return refuse("invalid_format", "Must start with + and the country code: it can be a number of two countries.");
  if (phone) return ok(phone);
  return readings.some((reading) => reading.isPossible())
    ? refuse("unsupported_phone", "Must be a mobile number of a country that text messages are sent to.")
    : refuse("invalid_format", "Must be a phone number.");
}

const refuse = (code: FieldCode, message: string) => err("invalid_request", [{ path: "phone", code, message }]);

/**
 * Converts a phone number that names an account to E.164: to what `parsePhone` accepts, or else to
 * any possible number, which an account from before may have. Undefined if there is none.
 */
export async function findablePhone(typed: string, deps: PhoneDeps): Promise<string | undefined> {
  const readings = (await readingsOf(typed, deps)).filter(({ ext }) => !ext);
  const best = readings.find(isMobile) ?? readings.find((reading) => reading.isPossible());
  return textableOf(readings, deps.config.SMS_COUNTRIES)[0] ?? best?.number;
}

/**
 * Returns the country (ISO 3166) of a mobile number in E.164. Undefined for all other numbers, such
 * as premium, shared-cost and landline ones, and for those that belong to no country, such as
 * satellite phones.
 */
export async function mobileCountryOf(phone: string, assets: Assets): Promise<string | undefined> {
  const number = parsePhoneNumberFromString(phone, await numberingPlans(assets));
  return number && isMobile(number) ? number.country : undefined;
}

/** Tests whether text messages may be sent to a number in E.164. */
export const isTextable = async (phone: string, { assets, config }: PhoneDeps): Promise<boolean> =>
  config.SMS_COUNTRIES.includes((await mobileCountryOf(phone, assets)) ?? "");

/** Writes a number in E.164 in groups, as its country does: `+49 171 3920012`. Never rejects. */
export const formatPhone = async (phone: string, assets: Assets): Promise<string> =>
  (await show(assets, (plans) => parsePhoneNumberFromString(phone, plans)?.formatInternational())) ?? phone;

/**
 * Returns the country code of a supported country's numbers: `+49` for `DE`. Undefined if the file
 * cannot be read.
 */
export const callingCodeOf = (country: string, assets: Assets): Promise<string | undefined> =>
  show(assets, (plans) => `+${getCountryCallingCode(country as CountryCode, plans)}`);

/** Writes what a page can do without. */
async function show(assets: Assets, write: (plans: MetadataJson) => string | undefined): Promise<string | undefined> {
  try {
    return write(await numberingPlans(assets));
  } catch (error) {
    logError("numbering_plans_not_loaded", error as Error);
    return undefined;
  }
}
