import { type ErrorResponse, Resend } from "resend";
import { type Delivery, failedDelivery, TIMEOUT_MILLISECONDS } from "./delivery.ts";
import { AUTOMATIC, type MailSender } from "./mail.ts";

/** The error for a key whose first request is still in progress. It is worth a retry. */
const UNDER_WAY = "concurrent_idempotent_requests";

/** The SDK passes unknown options to `fetch`. A redirect would carry the mail to another host. */
const NO_REDIRECT = { redirect: "manual" };

interface ResendSettings {
  apiKey: string;
  /** An email address, optionally with a name: `Example <auth@example.com>`. */
  from: string;
  /** Where answers go. By default they go to `from`. */
  replyTo?: string | undefined;
  baseUrl: string | undefined;
}

/** Creates a sender that sends mail through Resend. */
export function createResendSender({ apiKey, from, replyTo, baseUrl }: ResendSettings): MailSender {
  const resend = new Resend(apiKey, baseUrl ? { baseUrl } : {});
  return {
    async send(mail, key) {
      const payload = {
        from,
        to: mail.to,
        ...(replyTo && { replyTo }),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: AUTOMATIC,
      };
      const options = { idempotencyKey: key, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...NO_REDIRECT };
      // The SDK does not throw: it returns every failure as `error`, also a timeout.
      const { data, error, headers } = await resend.emails.send(payload, options);
      return data ? { outcome: "sent" } : toDelivery(error, headers);
    },
  };
}

/**
 * The reason is the status and the name of the error, such as `resend_403_validation_error`, if it
 * looks like one of Resend's. Its message may quote the address. The error is what the answer says,
 * so any field may have any type.
 */
function toDelivery(error: Partial<ErrorResponse> | null, headers: Record<string, string> | null): Delivery {
  const { name = "", statusCode = null } = error ?? {};
  const status = Number.isInteger(statusCode) ? statusCode : null;
  const known = /^[a-z_]{1,60}$/.test(name) ? name : "failed";
  const reason = ["resend", status, known].filter((part) => part !== null).join("_");
  return failedDelivery(name === UNDER_WAY ? null : status, reason, headers?.["retry-after"]);
}
