import type { Mail, MailSender } from "./mail.ts";

const TTL_SECONDS = 86_400;
const PREFIX = "outbox:";

/** A mail that was not sent but kept for the developer to read. */
export interface KeptMail extends Mail {
  /** Unix time in milliseconds. */
  at: number;
}

/** Keeps mail for a day instead of sending it: for development, where no provider is set up. */
export function createOutbox(store: KVNamespace, now: () => number): MailSender {
  return {
    async send(mail, key) {
      await store.put(PREFIX + key, JSON.stringify({ ...mail, at: now() }), { expirationTtl: TTL_SECONDS });
      return { outcome: "sent" };
    },
  };
}

/** What was kept, newest first. */
export async function readOutbox(store: KVNamespace): Promise<KeptMail[]> {
  const { keys } = await store.list({ prefix: PREFIX });
  const mails = await Promise.all(keys.map(({ name }) => store.get<KeptMail>(name, "json")));
  return mails.filter((mail) => mail !== null).sort((a, b) => b.at - a.at);
}
