import { logInfo } from "../log.ts";
import type { Mail, MailSender } from "./mail.ts";
import type { Sms, SmsSender } from "./sms.ts";

const TTL_SECONDS = 86_400;
const PREFIX = "outbox:";

/** A message that was not sent but kept for the developer to read. `at` is in Unix milliseconds. */
export type KeptMessage = ({ channel: "mail" } & Mail & { at: number }) | ({ channel: "sms" } & Sms & { at: number });

/** Keeps mail and texts for a day instead of sending them: for development, where no provider is set up. */
export function createOutbox(store: KVNamespace, now: () => number): { mail: MailSender; sms: SmsSender } {
  async function keep(message: KeptMessage, key: string) {
    await store.put(PREFIX + key, JSON.stringify(message), { expirationTtl: TTL_SECONDS });
    logInfo("message_kept", { channel: message.channel, at: "/dev/outbox" });
    return { outcome: "sent" } as const;
  }
  return {
    mail: { send: (mail, key) => keep({ channel: "mail", ...mail, at: now() }, key) },
    sms: { send: (sms, key) => keep({ channel: "sms", ...sms, at: now() }, key) },
  };
}

/** What was kept, newest first. */
export async function readOutbox(store: KVNamespace): Promise<KeptMessage[]> {
  const { keys } = await store.list({ prefix: PREFIX });
  const messages = await Promise.all(keys.map(({ name }) => store.get<KeptMessage>(name, "json")));
  return messages.filter((message) => message !== null).sort((a, b) => b.at - a.at);
}
