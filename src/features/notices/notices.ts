import type { Deps } from "../../deps.ts";
import type { Notice } from "../../schemas/message.ts";
import type { Delivery } from "../../senders/mail.ts";
import { findUser } from "../../storage/users.ts";
import { noticeMail } from "./message.ts";

/** Tells the owner of an account by mail what was done to it, if the account still is and has an address. */
export async function sendNotice(deps: Deps, notice: Notice, key: string): Promise<Delivery> {
  const user = await findUser(deps.db, notice.user_id);
  if (!user?.email) return { outcome: "sent" };
  return deps.mail.send(noticeMail(user.email, deps.config.ISSUER, notice), key);
}
