import { type ErrorResponse, Resend } from "resend";
import { type Delivery, type MailSender, toHtml, toText } from "./mail.ts";

const TIMEOUT_MILLISECONDS = 10_000;

/** A request with the same key has not been answered yet. */
const UNDER_WAY = "concurrent_idempotent_requests";

interface ResendSettings {
  apiKey: string;
  /** An address, perhaps with a name: `Example <auth@example.com>`. */
  from: string;
  baseUrl: string | undefined;
}

/** Sends mail through Resend, whose answers decide: 429, 5xx and silence are to be retried, another 4xx is final. */
export function createResendSender({ apiKey, from, baseUrl }: ResendSettings): MailSender {
  const resend = new Resend(apiKey, baseUrl ? { baseUrl } : {});
  return {
    async send(mail, key) {
      const payload = { from, to: mail.to, subject: mail.subject, text: toText(mail), html: toHtml(mail) };
      // The SDK makes of whatever goes wrong an `error`, of an abort too.
      const { error, headers } = await resend.emails.send(payload, {
        idempotencyKey: key,
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return error ? toDelivery(error, headers) : { outcome: "sent" };
    },
  };
}

/** The reason is the error's name, never its message, which may quote the address. */
function toDelivery({ name, statusCode }: ErrorResponse, headers: Record<string, string> | null): Delivery {
  const isFinal =
    statusCode !== null && statusCode >= 400 && statusCode < 500 && statusCode !== 429 && name !== UNDER_WAY;
  if (isFinal) return { outcome: "refused", reason: name };

  const afterSeconds = Number(headers?.["retry-after"]);
  return { outcome: "retry", reason: name, ...(afterSeconds > 0 && { afterSeconds }) };
}
