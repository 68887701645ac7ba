import { type ErrorResponse, Resend } from "resend";
import { type Delivery, failedDelivery, TIMEOUT_MILLISECONDS } from "./delivery.ts";
import { type MailSender, toHtml, toText } from "./mail.ts";

/** The error for a key whose first request is still in progress. It is worth a retry. */
const UNDER_WAY = "concurrent_idempotent_requests";

/** The SDK passes unknown options on to `fetch`. A redirect would carry the mail to another host. */
const NO_REDIRECT = { redirect: "manual" };

interface ResendSettings {
  apiKey: string;
  /** An email address, optionally with a name: `Example <auth@example.com>`. */
  from: string;
  baseUrl: string | undefined;
}

/** Creates a sender that sends mail through Resend. */
export function createResendSender({ apiKey, from, baseUrl }: ResendSettings): MailSender {
  const resend = new Resend(apiKey, baseUrl ? { baseUrl } : {});
  return {
    async send(mail, key) {
      const payload = { from, to: mail.to, subject: mail.subject, text: toText(mail), html: toHtml(mail) };
      const options = { idempotencyKey: key, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...NO_REDIRECT };
      // The SDK does not throw: it returns every failure as `error`, also a timeout.
      const { error, headers } = await resend.emails.send(payload, options);
      return error ? toDelivery(error, headers) : { outcome: "sent" };
    },
  };
}

/** Takes the name of the error as the reason. Its message may quote the address. */
const toDelivery = ({ name, statusCode }: ErrorResponse, headers: Record<string, string> | null): Delivery =>
  failedDelivery(name === UNDER_WAY ? null : statusCode, name, headers?.["retry-after"]);
