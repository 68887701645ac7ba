/**
 * Messages that could not be sent. An administrator lists them, without their addresses, and sends
 * them again: the queue then issues a new code or link, which counts against the budgets.
 */
import * as z from "zod/mini";
import { afterCommit } from "../../auth/after-commit.ts";
import type { DeadMessageList, PageOptions } from "../../contract/admin-service.ts";
import type { Deps } from "../../deps.ts";
import { kindOf } from "../../log.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { DEFAULT_PAGE, PageSize } from "../../schemas/event-page.ts";
import { optionalOr } from "../../schemas/optional.ts";
import {
  claimDeadMessage,
  deleteDeadMessage,
  listDeadMessages,
  releaseDeadMessage,
} from "../../storage/dead-messages.ts";

/** A cursor before the newest message. */
const NEWEST = "999999999999999";

export const DeadMessagePage = z.strictObject({
  cursor: optionalOr(z.string().check(z.regex(/^\d{1,15}$/, "Must be a `next_cursor`.")), NEWEST),
  limit: optionalOr(PageSize, DEFAULT_PAGE),
} satisfies RequestFields<PageOptions>);
export const OneDeadMessage = z.strictObject({ id: z.string() });

/** Lists a page of messages, newest first. `next_cursor` is null on the last page. */
export async function allDeadMessages(
  { db }: Deps,
  { cursor, limit }: z.infer<typeof DeadMessagePage>,
): Promise<Result<DeadMessageList>> {
  const rows = await listDeadMessages(db, { before: Number(cursor), max: limit + 1 });
  const page = rows.slice(0, limit);
  return ok({
    dead_messages: page.map(({ id, body, createdAt, userId, noticeKind, reason }) => ({
      id,
      kind: noticeKind ?? kindOf(JSON.parse(body)),
      user_id: userId,
      // Any Worker of the account may queue a message.
      reason: /^[a-z]\w{1,99}$/.test(`${reason}`) ? reason : null,
      created_at: new Date(createdAt).toISOString(),
    })),
    next_cursor: rows.length > limit ? `${page.at(-1)?.position}` : null,
  });
}

/**
 * Sends a message again. It is deleted once the queue has it: if a step fails, it can be sent
 * later, at worst a second time. Errors: `not_found`, also while another request sends it;
 * `messages_unavailable`.
 */
export async function sendDeadMessage(deps: Deps, { id }: z.infer<typeof OneDeadMessage>): Promise<Result> {
  const message = await claimDeadMessage(deps.db, id, deps.now());
  if (!message) return err("not_found");
  const queued = await deps.enqueue(JSON.parse(message.body));
  if (!queued.ok) {
    await releaseDeadMessage(deps.db, message.id, id);
    return queued;
  }
  await deleteDeadMessage(deps.db, message, deps.audit());
  if (message.userId !== null) afterCommit(deps, { event: "message_resent", userId: message.userId });
  return ok();
}
