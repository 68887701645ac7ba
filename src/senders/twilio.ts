import { failedDelivery, TIMEOUT_MILLISECONDS } from "./delivery.ts";
import type { SmsSender } from "./sms.ts";

interface TwilioSettings {
  accountSid: string;
  authToken: string;
  /** A phone number in E.164, an alphanumeric sender id, or the SID of a messaging service. */
  from: string;
  baseUrl: string | undefined;
}

const BASE_URL = "https://api.twilio.com";

/**
 * Creates a sender that sends text messages through Twilio's Messages resource. Twilio has no
 * idempotency keys: if a response is lost, the retry sends the text a second time.
 */
export function createTwilioSender({ accountSid, authToken, from, baseUrl = BASE_URL }: TwilioSettings): SmsSender {
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`, baseUrl);
  const authorization = `Basic ${btoa(`${accountSid}:${authToken}`)}`;
  const sender = /^MG[\da-f]{32}$/i.test(from) ? { MessagingServiceSid: from } : { From: from };
  return {
    async send({ to, text }) {
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { authorization },
          body: new URLSearchParams({ To: to, Body: text, ...sender }),
          redirect: "manual",
          signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
        });
        if (answer.ok) {
          await answer.body?.cancel();
          return { outcome: "sent" };
        }
        const reason = `twilio_${answer.status}${await codeOf(answer)}`;
        return failedDelivery(answer.status, reason, answer.headers.get("retry-after"));
      } catch {
        return { outcome: "retry", reason: "twilio_unreachable" };
      }
    },
  };
}

/**
 * Returns Twilio's error code with an underscore before it, such as `_21610` for a recipient who
 * answered STOP, or "" if there is none. The message beside it may quote the number.
 */
async function codeOf(answer: Response): Promise<string> {
  const body = await answer.json<{ code?: unknown } | null>().catch(() => null);
  return Number.isInteger(body?.code) ? `_${body?.code}` : "";
}
