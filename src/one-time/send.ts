import { deriveCode, digestOfCode } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { messages } from "../locales/locales.ts";
import { callingCodeFor, limitsOf } from "../messages/budget.ts";
import { type Recipient, sendTo, siteOf } from "../messages/recipient.ts";
import type { Envelope } from "../schemas/message.ts";
import { type Delivery, SKIPPED } from "../senders/delivery.ts";
import { issueSecret, type Purpose } from "../storage/one-time-secrets.ts";

type CodePurpose = Exclude<Purpose, "password-reset-link">;

const WORDING = {
  "password-reset-code": "resetCode",
  verification: "verificationCode",
  "email-change": "addressChangeCode",
  "phone-change": "addressChangeCode",
} as const satisfies Record<CodePurpose, string>;

/** Sends a code, unless a budget is used up or a newer one was asked for: then nothing is to be done. A repeated delivery
 *  sends the same one. */
export async function sendCode(deps: Deps, purpose: CodePurpose, to: Recipient, envelope: Envelope): Promise<Delivery> {
  const code = await issueCode(deps, purpose, to, envelope);
  if (!code) return SKIPPED;

  const { host, hostname } = siteOf(deps);
  const say = messages[to.locale][WORDING[purpose]];
  const wording = say({ site: host, code, minutes: toMinutes(deps.config.OTP_TTL_SECONDS) });
  // The last line lets a phone fill the code in at this site alone (WICG, origin-bound one-time codes).
  const text = `${wording.text}\n\n@${hostname} #${code}`;
  return sendTo(deps, to.address, to.locale, { ...wording, text }, envelope.id);
}

/** Makes a code good and answers it; undefined when none is to be sent. */
export async function issueCode(deps: Deps, purpose: CodePurpose, to: Recipient, envelope: Envelope) {
  const [pepper] = deps.config.PEPPER;
  const code = deriveCode(pepper, envelope.id);
  const digest = digestOfCode(pepper, { purpose, userId: to.userId }, code);
  const secret = { purpose, digest, lifetimeSeconds: deps.config.OTP_TTL_SECONDS };
  return (await issue(deps, secret, to, envelope)) ? code : undefined;
}

/** Makes a secret good that is about to be sent; false when it is not to be. */
export function issue(
  deps: Deps,
  { lifetimeSeconds, ...secret }: { purpose: Purpose; digest: string; lifetimeSeconds: number },
  { userId, address }: Recipient,
  { id, queuedAt }: Envelope,
): Promise<boolean> {
  const expiresAt = deps.now() + lifetimeSeconds * 1000;
  const row = {
    id,
    userId,
    address,
    callingCode: callingCodeFor(address),
    requestedAt: queuedAt,
    expiresAt,
    ...secret,
  };
  return issueSecret(deps.db, row, limitsOf(deps), deps.audit());
}

export const toMinutes = (seconds: number) => Math.floor(seconds / 60);
