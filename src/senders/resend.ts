import { type ErrorResponse, Resend } from "resend";
import { type Delivery, failedDelivery, TIMEOUT_MILLISECONDS } from "./delivery.ts";
import { type MailSender, toHtml, toText } from "./mail.ts";

/** The error for a key whose first request is still in progress. It is worth a retry. */
const UNDER_WAY = "concurrent_idempotent_requests";

/** The SDK passes unknown options to `fetch`. A redirect would carry the mail to another host. */
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
      const { data, error, headers } = await resend.emails.send(payload, options);
      return data ? { outcome: "sent" } : toDelivery(error, headers);
    },
  };
}

/**
 * Takes the name of the error as the reason, if it looks like one of Resend's. Its message may
 * quote the address. The error is what the answer says, so any field may have any type.
 */
function toDelivery(error: Partial<ErrorResponse> | null, headers: Record<string, string> | null): Delivery {
  const { name = "", statusCode = null } = error ?? {};
  const reason = /^[a-z_]{1,60}$/.test(name) ? name : "resend_failed";
  const status = typeof statusCode === "number" && name !== UNDER_WAY ? statusCode : null;
  return failedDelivery(status, reason, headers?.["retry-after"]);
}
