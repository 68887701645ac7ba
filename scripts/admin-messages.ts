/** The acts of `npm run admin` on messages that could not be sent. */
import type { AdminService } from "../src/contract/admin-service.ts";
import type { Answer, Call } from "./admin-acts.ts";
import { linesOf, pageOf, row, unwrap } from "./admin-values.ts";
import { Refusal } from "./command.ts";

export async function deadMessages({ service, options }: Call): Promise<Answer> {
  const value = unwrap(await service.listDeadMessages(pageOf(options)), { optionOf: (field) => `--${field}` });
  const lines = value.dead_messages.map(({ id, created_at, kind, user_id, reason }) =>
    row(id, created_at, kind, user_id, reason),
  );
  return { value, text: linesOf(lines, value.next_cursor, "Every message was sent.") };
}

const NOT_FOUND = "is no message, or is being sent. npm run admin -- dead-messages lists them.";

/** Sends the named messages again, or all. If it is cut off, those that are left are listed. */
export async function sendAgain({ service, words, options }: Call): Promise<Answer> {
  if (words.length === 0 ? !options.all : options.all)
    throw new Refusal("Name messages by their ids, or choose --all.");
  const sent = options.all ? await sendAll(service) : words;
  for (const id of words) unwrap(await service.sendDeadMessage(id), { notFound: `${id} ${NOT_FOUND}` });
  return {
    value: { sent },
    text: `${sent.length} in the queue again. npm run admin -- dead-messages lists what fails.`,
  };
}

async function sendAll(service: AdminService): Promise<string[]> {
  const sent: string[] = [];
  // A message that fails again is newer than the cursor, so the loop ends.
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = unwrap(await service.listDeadMessages({ cursor, limit: 100 }));
    for (const { id } of page.dead_messages) {
      const result = await service.sendDeadMessage(id);
      // Another administrator is faster.
      if (!result.ok && result.code === "not_found") continue;
      unwrap(result);
      sent.push(id);
    }
    cursor = page.next_cursor;
  }
  return sent;
}
