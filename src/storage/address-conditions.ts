/**
 * An address belongs to the person who proves it. An unproven address identifies its account. It
 * recovers the account only if it is the preferred one and none is proven.
 */
import { and, eq, isNotNull, isNull, not, or, type SQL, sql } from "drizzle-orm";
import { users } from "../../drizzle/schema.ts";

/** Matches users none of whose addresses is proven. */
export const nothingIsProven = and(isNull(users.emailVerifiedAt), isNull(users.phoneVerifiedAt));

/** Matches users with at least one proven address. */
export const somethingIsProven = or(isNotNull(users.emailVerifiedAt), isNotNull(users.phoneVerifiedAt));

/** The preferred address. A second one may be mistyped, and then it is another person's. */
const preferred = sql`coalesce(
  iif(${users.contact} = 'email', ${users.email}, iif(${users.contact} = 'phone', ${users.phone}, null)),
  ${users.email}, ${users.phone})`;

/** Matches users of whom this is a proven address, or the preferred one while none is proven. */
export const mayRecoverBy = (address: string) =>
  or(
    and(eq(users.email, address), isNotNull(users.emailVerifiedAt)),
    and(eq(users.phone, address), isNotNull(users.phoneVerifiedAt)),
    and(nothingIsProven, sql`${preferred} = ${address}`),
  );

/** Matches users of whom this is an unproven address that does not recover the account. */
export const isReleasable = (address: string) =>
  and(
    or(
      and(eq(users.email, address), isNull(users.emailVerifiedAt)),
      and(eq(users.phone, address), isNull(users.phoneVerifiedAt)),
    ),
    not(mayRecoverBy(address) as SQL),
    isNotNull(users.email),
    isNotNull(users.phone),
  );

/** The preferred address after this one is removed. */
export const contactWithout = (kind: "email" | "phone") => sql`nullif(${users.contact}, ${kind})`;
