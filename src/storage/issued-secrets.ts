import { and, eq, exists, gt, inArray, lte, ne, notExists, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import { ADDRESS_CHANGES, REQUESTERS, type Requester, type SecretPurpose } from "../contract/messages.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { countMessageStatements, isCounted, type MessageLimits, type RequestedMessage } from "./message-budgets.ts";
import { hasAttemptsLeft, invalidateSecretsStatement, isOpen } from "./secrets.ts";

interface NewSecret {
  /** The id of the queue's message that asked for it. */
  id: string;
  userId: string;
  purpose: SecretPurpose;
  address: string;
  digest: string;
  requestedBy: Requester;
  /** When that message was queued. */
  requestedAt: number;
  expiresAt: number;
  /** The digest of the nonce in the browser that asked for it. */
  browserDigest: string | null;
}

interface Sending {
  /** Null: it counts against no budget. */
  message: RequestedMessage | null;
  limits: MessageLimits;
  /** Without attempts left, no code could be used. A link always can. */
  isCodeOnly: boolean;
}

/**
 * Issues a secret and voids the older ones of its purpose, unless a budget is used up or a newer
 * one was issued. Returns whether to send it.
 *
 * Requests by strangers neither void nor hold back what the owner or an administrator requested.
 * A repeated delivery extends a secret that is still open and does not revive one that is not.
 */
export async function issueSecret(
  db: Db,
  secret: NewSecret,
  { message, limits, isCodeOnly }: Sending,
  audit: AuditContext,
): Promise<boolean> {
  const { id, userId, address, digest, requestedBy, requestedAt, expiresAt } = secret;
  const siblings = siblingsOf(secret);
  const trust = REQUESTERS.indexOf(requestedBy);
  const isTrustedAtLeast = inArray(oneTimeSecrets.requestedBy, REQUESTERS.slice(trust));
  const isTrustedAtMost = inArray(oneTimeSecrets.requestedBy, REQUESTERS.slice(0, trust + 1));
  const select = (where: SQL | undefined) => db.select({ id: oneTimeSecrets.id }).from(oneTimeSecrets).where(where);
  const isWanted = and(
    message ? isCounted(db, id) : undefined,
    notExists(select(and(siblings, gt(oneTimeSecrets.requestedAt, requestedAt), isTrustedAtLeast))),
  );
  const isUseful = isCodeOnly ? hasAttemptsLeft(db, secret, audit.at) : undefined;
  const row = { ...secret, spentAt: null, attempts: 0, lastAttemptAt: null, usedBy: null };
  // The identifier may belong to another account by the second delivery. That account gets no
  // secret made for this one.
  const isSameRecipient = sql`${oneTimeSecrets.userId} = ${userId} and ${oneTimeSecrets.address} = ${address}`;
  const open = select(and(eq(oneTimeSecrets.id, id), isSameRecipient, isOpen(audit.at)));
  const { issued } = await batch(db, {
    ...(message && countMessageStatements(db, message, limits, audit, isUseful)),
    event: insertUserEventStatement(db, "secret_sent", {
      userId,
      audit,
      where: and(isWanted, notExists(select(eq(oneTimeSecrets.id, id)))),
    }),
    inserted: insertSelect(
      db,
      oneTimeSecrets,
      row,
      sql`from ${users} where ${and(eq(users.id, userId), isWanted)}`,
    ).onConflictDoUpdate({ target: oneTimeSecrets.id, set: { digest, expiresAt }, setWhere: isSameRecipient }),
    voided: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(
        siblings,
        ne(oneTimeSecrets.id, id),
        lte(oneTimeSecrets.requestedAt, requestedAt),
        isTrustedAtMost,
        exists(open),
      ),
    }),
    issued: open,
  });
  return issued.length === 1;
}

/** Matches this secret and those it replaces. Changes to other addresses may be pending at once. */
function siblingsOf({ userId, purpose, address }: Pick<NewSecret, "userId" | "purpose" | "address">) {
  return and(
    eq(oneTimeSecrets.userId, userId),
    eq(oneTimeSecrets.purpose, purpose),
    isAddressChange(purpose) ? eq(oneTimeSecrets.address, address) : undefined,
  );
}

const isAddressChange = (purpose: SecretPurpose) => ADDRESS_CHANGES.some((change) => change === purpose);
