import type { Deps } from "../deps.ts";
import { callingCodeOf } from "../schemas/identifier.ts";
import type { MessageLimits } from "../storage/message-budget.ts";

/** The budgets of requested messages that settings decide. */
export const limitsOf = ({ config }: Deps): MessageLimits => ({
  cooldownSeconds: config.OTP_RESEND_COOLDOWN_SECONDS,
  smsPerDay: config.SMS_PER_DAY,
  smsPerCountryAndDay: config.SMS_PER_COUNTRY_AND_DAY,
});

/** Which country's budget a text counts against, by E.164's calling code; null for mail. Numbers of no country share one. */
export const callingCodeFor = (address: string): string | null =>
  address.includes("@") ? null : (callingCodeOf(address) ?? "none");
