import { type ErrorResponse, Resend } from "resend";
import { type Delivery, failedDelivery, TIMEOUT_MILLISECONDS } from "./delivery.ts";
import { type MailSender, toHtml, toText } from "./mail.ts";

/** A request with the same key has not been answered yet. */
const UNDER_WAY = "concurrent_idempotent_requests";

interface ResendSettings {
  apiKey: string;
  /** An address, perhaps with a name: `Example <auth@example.com>`. */
  from: string;
  baseUrl: string | undefined;
}

/** Sends mail through Resend, whose answers decide. */
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
const toDelivery = ({ name, statusCode }: ErrorResponse, headers: Record<string, string> | null): Delivery =>
  failedDelivery(name === UNDER_WAY ? null : statusCode, name, headers?.["retry-after"]);
