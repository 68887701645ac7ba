import * as z from "zod/mini";
import type { Identifiers } from "../contract/identifiers.ts";
import type { Profile, StoredProfile } from "../contract/profile.ts";
import { canonicalTag } from "../locales/locales.ts";
import { type Err, err } from "../result.ts";
import type { ProfileEdit } from "../storage/profiles.ts";
import type { ProfileRow } from "../storage/users.ts";
import type { Accepts } from "./contract-fields.ts";
import { type Clearable, clearable } from "./optional.ts";
import { coded } from "./parse.ts";
import { line, text } from "./text.ts";

const BAD_TAG = "Must be a language tag such as `de` or `en-GB`.";

/** A language tag, in its canonical form. Null for the POSIX locale, which has no language. */
const LanguageTag = z.pipe(
  z.string().check(z.maxLength(35, "Must have at most 35 characters.")),
  z.transform((text, { issues }) => {
    const tag = canonicalTag(text);
    if (tag !== undefined) return tag || null;
    issues.push({ code: "custom", input: text, message: BAD_TAG });
    return z.NEVER;
  }),
);

/** The profile fields by wire name, each with its column and its schema. */
const FIELDS = {
  first_name: { column: "firstName", schema: line({ max: 100 }) },
  last_name: { column: "lastName", schema: line({ max: 100 }) },
  contact: { column: "contact", schema: z.enum(["email", "phone"]) },
  short_description: { column: "shortDescription", schema: text({ max: 500, clean: (typed) => typed.trim() }) },
  locale: { column: "locale", schema: LanguageTag },
} as const satisfies {
  [Name in keyof StoredProfile]: { column: keyof ProfileRow; schema: Accepts<NonNullable<Profile[Name]>> };
};

type Fields = typeof FIELDS;
const NAMES = Object.keys(FIELDS) as (keyof Fields)[];

/** The fields in a request. Each may be null, which an empty text means too, or omitted. */
export const profileFields = Object.fromEntries(NAMES.map((name) => [name, clearable(FIELDS[name].schema)])) as {
  [Name in keyof Fields]: Clearable<Fields[Name]["schema"]>;
};

/** The fields in a response. Each may be null. Older rows may have text that is no language tag. */
export const storedProfileFields = {
  ...(Object.fromEntries(NAMES.map((name) => [name, z.nullable(FIELDS[name].schema)])) as {
    [Name in keyof Fields]: z.ZodMiniNullable<Fields[Name]["schema"]>;
  }),
  locale: z.nullable(z.string()),
};

/** Maps the fields of a request to their columns. An omitted field is undefined. */
export const toProfileEdit = (given: Profile) =>
  Object.fromEntries(NAMES.map((name) => [FIELDS[name].column, given[name]])) as ProfileEdit;

/** Maps the columns of a row to the fields of a response. */
export const toProfile = (row: ProfileRow) =>
  Object.fromEntries(NAMES.map((name) => [name, row[FIELDS[name].column]])) as StoredProfile;

/** The error if `contact` names an address that the account does not have. */
export const refuseContact = (): Err =>
  err("invalid_request", [
    { path: "contact", code: "missing_address", message: "Must name an address that the account has." },
  ]);

type Reachable = Pick<Identifiers, "email" | "phone"> & Pick<Profile, "contact">;

/** Requires an email address or a phone number. */
export const hasAddress = z.refine<Reachable>(({ email, phone }) => Boolean(email || phone), {
  path: ["email"],
  error: "Send an email address or a phone number.",
  ...coded("required"),
});

/** Requires the address that `contact` names. */
export const hasItsContact = z.refine<Reachable>((given) => !given.contact || Boolean(given[given.contact]), {
  path: ["contact"],
  error: "Must name an address that is sent as well.",
  ...coded("missing_address"),
});
