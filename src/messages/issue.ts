import type { SecretPurpose } from "../contract/messages.ts";
import { deriveCode, deriveSecret, digestOfCode, digestOfSecret } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { callingCodeOf } from "../schemas/identifier.ts";
import type { Envelope } from "../schemas/message.ts";
import type { MessageLimits } from "../storage/message-budgets.ts";
import { issueSecret } from "../storage/secrets.ts";
import { SECRET_KINDS } from "./kinds.ts";
import type { Recipient } from "./recipients.ts";

/** A secret that has been issued, as the message shows it. */
export interface IssuedSecret {
  code: string;
  link: string;
  minutes: number;
}

/**
 * Issues the secret of a message. Returns undefined if none is to be sent: a budget is used up or a
 * newer one was requested. A repeated delivery issues the same secret, though it is stored nowhere.
 */
export async function issue(
  deps: Deps,
  purpose: SecretPurpose,
  { userId, address }: Recipient,
  { id, queuedAt }: Envelope,
): Promise<IssuedSecret | undefined> {
  const { secret, lifetime, budget } = SECRET_KINDS[purpose];
  const [pepper] = deps.config.PEPPER;
  const text = secret === "code" ? deriveCode(pepper, id) : deriveSecret(pepper, id);
  const digest = secret === "code" ? digestOfCode(pepper, { purpose, userId }, text) : digestOfSecret(text);
  const lifetimeSeconds = deps.config[lifetime];
  const row = {
    id,
    userId,
    purpose,
    address,
    callingCode: callingCodeFor(address),
    budget,
    digest,
    requestedAt: queuedAt,
    expiresAt: deps.now() + lifetimeSeconds * 1000,
  };
  if (!(await issueSecret(deps.db, row, limitsOf(deps), deps.audit()))) return undefined;
  return {
    minutes: Math.floor(lifetimeSeconds / 60),
    ...(secret === "code" ? { code: text, link: "" } : { code: "", link: linkTo(siteOf(deps), secret.path, text) }),
  };
}

/** The site as messages name it, and where their links lead. */
export const siteOf = ({ config }: Deps): URL => new URL(config.FRONTEND_URL ?? config.ISSUER);

/** Builds a link below the address of the site, which may have a path. */
function linkTo(site: URL, path: string, token: string): string {
  const link = new URL(site.href.replace(/\/$/, "") + path);
  link.searchParams.set("token", token);
  return link.href;
}

/** The budgets of requested messages that are settings. */
export const limitsOf = ({ config }: Deps): MessageLimits => ({
  cooldownSeconds: config.OTP_RESEND_COOLDOWN_SECONDS,
  smsPerDay: config.SMS_PER_DAY,
  smsPerCountryAndDay: config.SMS_PER_COUNTRY_AND_DAY,
});

/**
 * The country whose budget a text counts against, by calling code; null for mail. Numbers of no
 * country share one.
 */
export const callingCodeFor = (address: string): string | null =>
  address.includes("@") ? null : (callingCodeOf(address) ?? "none");
