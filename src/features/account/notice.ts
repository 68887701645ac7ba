import type { Deps } from "../../deps.ts";
import { logError } from "../../log.ts";
import type { Notice } from "../../schemas/message.ts";
import type { Delivery } from "../../senders/mail.ts";
import { findUser } from "../../storage/users.ts";
import { passwordChanged } from "./message.ts";

/** Queues a notice. Never rejects: what it tells of has been done. */
export async function notify(deps: Deps, notice: Notice): Promise<void> {
  try {
    await deps.messages.send(notice);
  } catch (error) {
    logError("notice_not_queued", error as Error);
  }
}

/** The queue's half: tells the owner by mail, if the account still is and has an address. */
export async function sendPasswordChanged(deps: Deps, { user_id, at }: Notice, key: string): Promise<Delivery> {
  const user = await findUser(deps.db, user_id);
  if (!user?.email) return { outcome: "sent" };
  return deps.mail.send(passwordChanged(user.email, deps.config.ISSUER, at), key);
}
