/** Checks what mail and text messages need besides valid settings. */
import { isLoopback } from "../../src/config/urls.ts";
import type { Config } from "../../src/config.ts";
import type { Finding } from "./report.ts";

/** Without `hasSecrets`, the settings are those of a deployment, whose secrets cannot be read. */
export const checkSenders = (config: Config, hasSecrets: boolean): Finding[] => [
  checkMail(config, hasSecrets),
  checkTexts(config),
];

function checkMail({ ISSUER, MAIL_FROM, RESEND_API_KEY }: Config, hasSecrets: boolean): Finding {
  const check = "mail";
  if (hasSecrets && !RESEND_API_KEY && isLoopback(ISSUER))
    return { check, level: "ok", message: "Kept at /dev/outbox, because RESEND_API_KEY is not set." };
  if (!MAIL_FROM)
    return { check, level: "warn", message: "None is sent. Set MAIL_FROM and the secret RESEND_API_KEY." };
  return { check, level: "ok", message: `Comes from ${MAIL_FROM}.` };
}

function checkTexts({ ISSUER, TWILIO_FROM, SMS_COUNTRIES }: Config): Finding {
  const check = "texts";
  if (isLoopback(ISSUER) && !TWILIO_FROM) return { check, level: "ok", message: "Kept at /dev/outbox." };
  if (!TWILIO_FROM) return { check, level: "ok", message: "None are sent: TWILIO_FROM is not set." };
  if (SMS_COUNTRIES.length === 0)
    return { check, level: "warn", message: "None are sent: set SMS_COUNTRIES to the countries of your users." };
  const shown = isLoopback(ISSUER) ? "all countries" : SMS_COUNTRIES.join(", ");
  return { check, level: "ok", message: `Come from ${TWILIO_FROM}, to ${shown}.` };
}
