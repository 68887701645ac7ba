import { and, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { auditEvents, IS_UNVERIFIED, notices, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import type { NoticeKind } from "../contract/messages.ts";
import { type Db, insertSelect } from "./db.ts";
import type { Stale } from "./purge.ts";

/** A notice that is written together with the act it reports. */
export interface NewNotice {
  id: string;
  kind: NoticeKind;
  userId: string;
  /** The language of the request. */
  locale: string | null;
}

/** The events that a notice of each kind reports. */
const REPORTED: Record<NoticeKind, EventType[]> = {
  "password-changed": ["password_changed", "password_reset"],
  "password-voided": ["password_voided"],
  "username-changed": ["username_changed"],
  "email-verified": ["email_verified"],
  "phone-verified": ["phone_verified"],
  "email-removed": ["email_removed"],
  "phone-removed": ["phone_removed"],
  "email-changed": ["email_changed"],
  "phone-changed": ["phone_changed"],
  "totp-added": ["totp_added"],
  "totp-removed": ["totp_removed"],
  "passkey-added": ["passkey_added"],
  "passkey-removed": ["passkey_removed"],
  "recovery-codes-created": ["recovery_codes_created"],
  "recovery-code-used": ["recovery_code_used"],
  "password-removed": ["password_removed"],
  "identity-linked": ["identity_linked"],
  "identity-unlinked": ["identity_unlinked"],
  "api-key-created": ["api_key_created"],
  "api-key-revoked": ["api_key_revoked"],
  "factor-removal-requested": ["factor_removal_requested"],
  "factors-removed": ["factors_removed"],
  "second-factor-locked": ["second_factor_locked"],
  "refresh-token-reused": ["refresh_token_reused"],
  "account-deleted": ["account_deleted"],
};
/**
 * Notices of one kind that an account causes in a day. Repeating an act must not flood a mailbox.
 */
const MAX_PER_KIND_AND_DAY = 5;
const DAY_MILLISECONDS = 86_400_000;

const isVerified = { email: isNotNull(users.emailVerifiedAt), phone: isNotNull(users.phoneVerifiedAt) };

/**
 * The recipients of a notice.
 *
 * `every`: each verified address, or without any the email address or else the phone number.
 * `verified`: each verified address. `email`, `phone`: that address, or else the other one.
 */
const RECIPIENTS: Record<NoticeKind, "every" | "verified" | AddressKind> = {
  "password-changed": "every",
  "password-voided": "every",
  "username-changed": "email",
  // The address that was proven before, and the removed one if it was.
  "email-verified": "every",
  "phone-verified": "every",
  "email-removed": "every",
  "phone-removed": "every",
  "email-changed": "email",
  "phone-changed": "phone",
  "totp-added": "every",
  "totp-removed": "every",
  "passkey-added": "every",
  "passkey-removed": "every",
  "recovery-codes-created": "every",
  "recovery-code-used": "every",
  "password-removed": "every",
  "identity-linked": "every",
  "identity-unlinked": "every",
  "api-key-created": "every",
  "api-key-revoked": "every",
  "factor-removal-requested": "every",
  "factors-removed": "every",
  "second-factor-locked": "every",
  "refresh-token-reused": "email",
  // A user who never proved an address may have typed another person's.
  "account-deleted": "verified",
};

/** Matches the user if a notice of this kind goes to this address. */
function isRecipient(kind: NoticeKind, address: AddressKind): SQL | undefined {
  const rule = RECIPIENTS[kind];
  const other = address === "email" ? "phone" : "email";
  const isPresent = isNotNull(users[address]);
  if (rule === "verified") return and(isPresent, isVerified[address]);
  const isPreferred =
    address === (rule === "every" ? "email" : rule) ? isPresent : and(isPresent, isNull(users[other]));
  if (rule !== "every") return isPreferred;
  return and(isPresent, or(isVerified[address], and(isPreferred, IS_UNVERIFIED)));
}

/**
 * Inserts a notice if its user matches `where`, one row per recipient, unless there were five of
 * its kind within a day. The recipients are the addresses that the user has now, so in a batch it
 * goes above a change of address.
 */
export function insertNoticeStatement(
  db: Db,
  { id, kind, userId, locale }: Omit<NewNotice, "userId"> & { userId: string | SQL },
  { at, where }: { at: number; where: SQL | undefined },
) {
  const recent = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.userId, userId),
        inArray(auditEvents.type, REPORTED[kind]),
        gt(auditEvents.createdAt, at - DAY_MILLISECONDS),
      ),
    )
    .limit(MAX_PER_KIND_AND_DAY);
  const isBelowMax = sql`(select count(*) from ${recent}) < ${MAX_PER_KIND_AND_DAY}`;
  // Only an administrator causes this one, and it must not be missed.
  const isCapped = kind !== "factor-removal-requested";
  const isAllowed = and(eq(users.id, userId), isCapped ? isBelowMax : undefined, where);
  const to = (address: AddressKind) =>
    sql`select ${users[address]} as address from ${users} where ${and(isAllowed, isRecipient(kind, address))}`;
  return insertSelect(
    db,
    notices,
    { id, kind, userId, recipient: sql`address`, locale, createdAt: at, repeatedAt: null },
    sql`from (${to("email")} union all ${to("phone")})`,
  );
}

/**
 * Finds the rows of a notice that have not been sent yet, with the user's own language and the
 * request context, which the event of the same batch has.
 */
export const findNotice = (db: Db, id: string) =>
  db
    .select({
      kind: notices.kind,
      userId: notices.userId,
      recipient: notices.recipient,
      createdAt: notices.createdAt,
      requestLocale: notices.locale,
      userLocale: sql<string | null>`${users.locale}`.as("user_locale"),
      ip: auditEvents.ip,
      userAgent: auditEvents.userAgent,
    })
    .from(notices)
    .leftJoin(users, eq(users.id, notices.userId))
    .leftJoin(
      auditEvents,
      and(
        eq(auditEvents.userId, notices.userId),
        eq(auditEvents.createdAt, notices.createdAt),
        sql`${auditEvents.type} in (select value from json_each(${JSON.stringify(REPORTED)}, '$."' || ${notices.kind} || '"'))`,
      ),
    )
    .where(eq(notices.id, id))
    // Two acts in one millisecond may have an event each.
    .groupBy(notices.recipient);

/** Deletes a notice that has been sent to this recipient. */
export async function deleteNotice(db: Db, id: string, recipient: string): Promise<void> {
  await db.delete(notices).where(and(eq(notices.id, id), eq(notices.recipient, recipient)));
}

/**
 * Lists the ids of at most `max` notices older than `before` that were queued only once, oldest
 * first.
 */
export async function listWaitingNotices(db: Db, before: number, max: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: notices.id, createdAt: notices.createdAt })
    .from(notices)
    .where(and(isNull(notices.repeatedAt), lt(notices.createdAt, before)))
    .orderBy(notices.createdAt)
    .limit(max);
  return rows.map(({ id }) => id);
}

/** Marks notices as queued again. One parameter for all ids: D1 allows a hundred. */
export async function markNoticesRepeated(db: Db, ids: string[], at: number): Promise<void> {
  await db
    .update(notices)
    .set({ repeatedAt: at })
    .where(sql`${notices.id} in (select value from json_each(${JSON.stringify(ids)}))`);
}

/** Notices from before `before`, which no provider accepted. */
export const staleNotices = (before: number): Stale => ({ table: notices, where: lt(notices.createdAt, before) });
