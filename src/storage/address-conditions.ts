/**
 * An address belongs to the person who proves it. An unproven address identifies its account, but
 * once another address of the account is proven, it recovers and proves nothing.
 */
import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { users } from "../../drizzle/schema.ts";

/** Matches users none of whose addresses is proven. */
export const nothingIsProven = and(isNull(users.emailVerifiedAt), isNull(users.phoneVerifiedAt));

/** Matches users of whom this is a proven address, or any address as long as none is proven. */
export const mayRecoverBy = (address: string) =>
  or(
    and(eq(users.email, address), or(isNotNull(users.emailVerifiedAt), isNull(users.phoneVerifiedAt))),
    and(eq(users.phone, address), or(isNotNull(users.phoneVerifiedAt), isNull(users.emailVerifiedAt))),
  );

/** Matches users of whom this is an unproven address while another one is proven. */
export const isReleasable = (address: string) =>
  or(
    and(eq(users.email, address), isNull(users.emailVerifiedAt), isNotNull(users.phoneVerifiedAt)),
    and(eq(users.phone, address), isNull(users.phoneVerifiedAt), isNotNull(users.emailVerifiedAt)),
  );

/** The preferred address after this one is removed. */
export const contactWithout = (kind: "email" | "phone") => sql`nullif(${users.contact}, ${kind})`;
