import type { MessageBudget, Requester, SecretPurpose } from "../contract/messages.ts";
import { deriveCode, deriveSecret, digestOfCode, digestOfSecret } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import type { AddressChange, Envelope, MessageRequest } from "../schemas/message.ts";
import { mobileCountryOf } from "../schemas/phone.ts";
import { issueSecret } from "../storage/issued-secrets.ts";
import type { MessageLimits, RequestedMessage } from "../storage/message-budgets.ts";
import { issueSignUp } from "../storage/pending-sign-ups.ts";
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
  message: MessageRequest | AddressChange,
  to: Recipient,
  { id, queuedAt }: Envelope,
): Promise<IssuedSecret | undefined> {
  const { userId, address } = to;
  const { digest, expiresAt, shown } = derive(deps, purpose, to, id);
  const row = {
    id,
    userId,
    purpose,
    address,
    digest,
    requestedBy: requesterOf(message, to),
    requestedAt: queuedAt,
    expiresAt,
    browserDigest: ("identifier" in message && message.browser_digest) || null,
  };
  const counted = await toCount(deps, id, message, to, SECRET_KINDS[purpose].budget);
  const sending = { message: counted, limits: limitsOf(deps), isCodeOnly: shown.link === "" };
  return (await issueSecret(deps.db, row, sending, deps.audit())) ? shown : undefined;
}

/**
 * Issues the code of a sign-up, for an address that no account has. Returns undefined as `issue`
 * does, and if an account has the address.
 */
export async function issueForSignUp(
  deps: Deps,
  message: MessageRequest,
  address: string,
  { id, queuedAt }: Envelope,
): Promise<IssuedSecret | undefined> {
  const to = { userId: address, address, credentialVersion: 0, isProven: false };
  const { digest, expiresAt, shown } = derive(deps, "login-code", to, id);
  const counted = await toCount(
    deps,
    id,
    { ...message, administrator: undefined },
    to,
    SECRET_KINDS["login-code"].budget,
  );
  if (!counted) return undefined;
  const row = { id, address, digest, browserDigest: message.browser_digest ?? null, requestedAt: queuedAt, expiresAt };
  const sending = { message: counted, limits: limitsOf(deps), isCodeOnly: shown.link === "" };
  return (await issueSignUp(deps.db, row, sending, deps.audit())) ? shown : undefined;
}

/** Derives the secret of a message from its id: what is stored, and what the message shows. */
function derive(
  deps: Deps,
  purpose: SecretPurpose,
  { userId, address }: Pick<Recipient, "userId" | "address">,
  id: string,
) {
  const { secret, lifetime } = SECRET_KINDS[purpose];
  const [pepper] = deps.config.PEPPER;
  const channel = channelOf(address);
  const token = "path" in secret ? deriveSecret(pepper, id) : undefined;
  const code = secret.digits ? deriveCode(pepper, id, secret.digits[channel]) : "";
  const hasLink = "path" in secret && token !== undefined && (code === "" || channel === "mail");
  const lifetimeSeconds = deps.config[lifetime];
  return {
    digest: token ? digestOfSecret(token) : digestOfCode(pepper, { purpose, userId }, code),
    expiresAt: deps.now() + lifetimeSeconds * 1000,
    shown: {
      code,
      link: hasLink ? linkTo(siteOf(deps), secret.path, token) : "",
      minutes: Math.floor(lifetimeSeconds / 60),
    },
  };
}

const channelOf = (address: string) => (address.includes("@") ? "mail" : "text");

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
  smsPerNetworkAndDay: config.SMS_PER_NETWORK_AND_DAY,
});

/** Returns who asked for a message. An old device token, or one of another account, is no proof. */
function requesterOf(
  message: MessageRequest | AddressChange,
  to: Pick<Recipient, "userId" | "credentialVersion">,
): Requester {
  if (!("identifier" in message)) return "anyone";
  if (message.administrator) return "administrator";
  const { trusted } = message;
  const isOwner = trusted?.user_id === to.userId && trusted.credential_version === to.credentialVersion;
  return isOwner ? "owner" : "anyone";
}

/** The values that the budgets count. Null if an administrator asked: no budget applies then. */
export async function toCount(
  { assets }: Deps,
  id: string,
  message: MessageRequest | AddressChange,
  to: Omit<Recipient, "locale">,
  budget: MessageBudget,
): Promise<RequestedMessage | null> {
  const requestedBy = requesterOf(message, to);
  if (requestedBy === "administrator") return null;
  return {
    id,
    userId: to.userId,
    recipient: to.address,
    country: to.address.includes("@") ? null : ((await mobileCountryOf(to.address, assets)) ?? null),
    budget,
    requestedBy,
    proven: to.isProven,
    network: message.network ?? null,
  };
}
