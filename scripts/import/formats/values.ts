/** What the formats share: times, names, base64, and accounts at identity providers. */
import * as z from "zod/mini";
import type { AccountInput } from "../account.ts";

/** Text that may be missing, null or empty. */
export const text = z.nullish(z.string());
export const flag = z.nullish(z.boolean());

/** A time: ISO 8601, Unix milliseconds as a number or digits, or MongoDB's `{"$date": …}`. */
export const moment = z.nullish(
  z.union([z.string(), z.number(), z.object({ $date: z.union([z.string(), z.number()]) })]),
);

/** Converts a time to ISO 8601. Text that is no time stays, so that the import refuses it. */
export function toTime(given: z.output<typeof moment>): string | undefined {
  const value = typeof given === "object" ? given?.$date : given;
  if (value === undefined || value === null || value === "") return undefined;
  const spelled = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  // Postgres and SQLite write a space for the T, and a zone of two digits or none, which is UTC.
  const iso =
    typeof spelled === "string"
      ? spelled.replace(/^(\S+)[ T]([\d:.]+)([+-]\d\d)?$/, (_, date, hours, zone) =>
          zone ? `${date}T${hours}${zone}:00` : `${date}T${hours}Z`,
        )
      : spelled;
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}

/** Splits a full name at its first space. */
export function splitName(name: string | null | undefined): Pick<AccountInput, "first_name" | "last_name"> {
  const [first = "", ...others] = (name ?? "").trim().split(/\s+/);
  return { first_name: first, last_name: others.join(" ") };
}

/** Writes base64 of any kind as PHC strings have it: standard, without padding. */
export const toPhcBase64 = (base64: string): string =>
  base64.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");

/** The issuers of providers whose subjects do not depend on the client. */
const ISSUERS: Record<string, string> = {
  google: "https://accounts.google.com",
  github: "https://github.com",
  apple: "https://appleid.apple.com",
};

interface SourceIdentity {
  /** As the source names it: `google`, `google.com`, `google-oauth2`. */
  provider: string;
  subject: string | number;
  email?: string | null | undefined;
  linkedAt?: string | undefined;
}

/** Converts accounts at Google, GitHub and Apple. Those at other providers are left out. */
export const toIdentities = (given: SourceIdentity[] | null | undefined): NonNullable<AccountInput["identities"]> =>
  (given ?? []).flatMap(({ provider: name, subject, email, linkedAt }) => {
    const provider = name.toLowerCase().replace(/\.com$|-oauth2$/, "");
    const issuer = ISSUERS[provider];
    if (!issuer) return [];
    return [{ provider, issuer, subject: String(subject), email, ...(linkedAt && { linked_at: linkedAt }) }];
  });

/** Usernames that are addresses are none here: the address signs in. */
export const toUsername = (name: string | null | undefined) => (name?.includes("@") ? undefined : name);

/** Since when an account is disabled: since now, if the source does not say it. */
export const disabledSince = (isDisabled: boolean | null | undefined, time?: string) =>
  isDisabled ? (time ?? new Date().toISOString()) : undefined;
