import { logInfo } from "../log.ts";
import { AUTOMATIC, type Mail, type MailSender } from "./mail.ts";
import type { Sms, SmsSender } from "./sms.ts";

const TTL_SECONDS = 86_400;
const PREFIX = "outbox:";

/** The addresses that mail is sent with. Null where the settings have none. */
interface Sender {
  from: string | null;
  reply_to: string | null;
}

/** A mail as a provider would get it. */
export type KeptMail = { channel: "mail"; at: number } & Mail & Sender & { headers: Record<string, string> };

/** A message that was kept instead of sent. `at` is Unix time in milliseconds. */
export type KeptMessage = KeptMail | ({ channel: "sms"; at: number } & Sms);

interface Outbox {
  mail: MailSender;
  sms: SmsSender;
  /** Reads the kept messages, newest first. */
  read(): Promise<KeptMessage[]>;
}

/**
 * Creates senders for development without a provider. They keep mail and text messages in KV for
 * one day instead of sending them.
 */
export function createOutbox(store: KVNamespace, sender: Sender, now: () => number): Outbox {
  async function keep(message: KeptMessage, key: string) {
    await store.put(`${PREFIX}${message.channel}:${key}`, JSON.stringify(message), { expirationTtl: TTL_SECONDS });
    logInfo("message_kept", { channel: message.channel, at: "/dev/outbox" });
    return { outcome: "sent" } as const;
  }
  return {
    mail: {
      send: (mail, key) => keep({ channel: "mail", ...mail, ...sender, headers: AUTOMATIC, at: now() }, key),
    },
    sms: { send: (sms, key) => keep({ channel: "sms", ...sms, at: now() }, key) },
    async read() {
      const { keys } = await store.list({ prefix: PREFIX });
      const messages = await Promise.all(keys.map(({ name }) => store.get<KeptMessage>(name, "json")));
      // Those of an older version have no text.
      const readable = messages.filter((message): message is KeptMessage => message?.text !== undefined);
      return readable.sort((a, b) => b.at - a.at);
    },
  };
}
