/** What a client learns about a user: the claims of each scope (OpenID Connect Core §5.1, §5.4). */
import type { UserRow } from "../../storage/users.ts";

/** Returns the claims that these scopes allow. What the user has not set is absent. */
export function claimsOf(user: UserRow, scopes: string[]): Record<string, unknown> {
  const name = [user.firstName, user.lastName].filter(Boolean).join(" ");
  const claims = {
    ...(scopes.includes("profile") && {
      name: name || null,
      given_name: user.firstName,
      family_name: user.lastName,
      preferred_username: user.username,
      locale: user.locale,
      updated_at: Math.floor(user.updatedAt / 1000),
    }),
    ...(scopes.includes("email") && user.email && { email: user.email, email_verified: user.emailVerifiedAt !== null }),
    ...(scopes.includes("phone") &&
      user.phone && { phone_number: user.phone, phone_number_verified: user.phoneVerifiedAt !== null }),
  };
  return { sub: user.id, ...Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null)) };
}
