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
        await answer.body?.cancel();
        if (answer.ok) return { outcome: "sent" };
        return failedDelivery(answer.status, `twilio_${answer.status}`, answer.headers.get("retry-after"));
      } catch {
        return { outcome: "retry", reason: "twilio_unreachable" };
      }
    },
  };
}
