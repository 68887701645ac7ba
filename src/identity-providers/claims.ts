/** Converts the claims of a provider about a user to the form that an account stores. */
import * as z from "zod/mini";
import { orElse } from "../schemas/optional.ts";
import { isStorable } from "../schemas/parse.ts";
import { profileFields } from "../schemas/profile.ts";
import { toEmail } from "../schemas/typed.ts";
import type { ProviderKind, UpstreamIdentity } from "./provider.ts";

type About = Omit<UpstreamIdentity, "issuer" | "subject" | "authenticatedAt">;
type Names = Pick<About, "firstName" | "lastName">;

/** A name that a profile accepts. Anything else is left out. */
const Name = orElse(profileFields.first_name.check(z.refine((name) => isStorable(name ?? ""))), null);

/** Standard claims (OpenID Connect Core 1.0 §5.1). Each may have any type. */
const Claims = z.object({
  given_name: Name,
  family_name: Name,
  name: Name,
  locale: orElse(profileFields.locale, null),
});

/** Reads the claims of an id_token or of the userinfo endpoint. */
export function aboutUser(kind: ProviderKind, claims: Record<string, unknown>): About {
  const { given_name: firstName = null, family_name: lastName = null, name, locale = null } = Claims.parse(claims);
  const email = toUpstreamEmail(claims["email"]);
  return {
    email,
    emailVerified: email !== null && isVerified(kind, claims),
    ...(firstName || lastName ? { firstName, lastName } : splitName(name)),
    locale,
  };
}

/**
 * Tests whether the provider says that the user owns the address. Anything but `true` is a no: an
 * array, a text, or nothing.
 */
function isVerified(kind: ProviderKind, { email_verified: verified, xms_edov: owned }: Record<string, unknown>) {
  // Anyone can set the email of a Microsoft account. `xms_edov` says that its domain was verified.
  if (kind === "microsoft") return owned === true || owned === 1 || owned === "1";
  // Apple documents a text or a Boolean.
  return verified === true || (kind === "apple" && verified === "true");
}

/**
 * Converts an address to the form that is stored. Null if that changes more than the case of its
 * local part: what the provider verified would be another mailbox.
 */
export function toUpstreamEmail(claim: unknown): string | null {
  if (typeof claim !== "string") return null;
  const email = toEmail(claim);
  const localPart = claim.slice(0, claim.lastIndexOf("@")).toLowerCase();
  return email && email.slice(0, email.lastIndexOf("@")) === localPart ? email : null;
}

/** Splits a full name before its last word. */
export function splitName(name: unknown): Names {
  const [, firstName = null, lastName = null] = /^(.+?)(?: (\S+))?$/.exec(Name.parse(name) ?? "") ?? [];
  return { firstName, lastName };
}

const AppleUser = z.object({ name: z.object({ firstName: Name, lastName: Name }) });

/**
 * Reads the names in the field `user` of Apple's form, which comes at the first consent only. It
 * passes through the browser, so an email address in it proves nothing and is ignored.
 */
export function namesFromApple(field: string | null): Names | undefined {
  try {
    const { firstName = null, lastName = null } = AppleUser.parse(JSON.parse(field ?? "")).name;
    return { firstName, lastName };
  } catch {
    return undefined;
  }
}
