import * as z from "zod";
import { requireCaptcha } from "../../captcha.ts";
import { deriveSecret, digestOfSecret, isSecret } from "../../crypto/one-time.ts";
import type { Deps } from "../../deps.ts";
import type { ErrorCode } from "../../errors.ts";
import { messages } from "../../locales/locales.ts";
import { lockoutKey } from "../../lockout.ts";
import { recipientOf, siteOf } from "../../messages/recipient.ts";
import { checkCode, Otp } from "../../one-time/check.ts";
import { issue, sendCode, toMinutes } from "../../one-time/send.ts";
import { err, ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import type { Envelope, MessageRequest } from "../../schemas/message.ts";
import { isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { text } from "../../schemas/text.ts";
import { type Delivery, SKIPPED } from "../../senders/delivery.ts";
import { resetPassword } from "../../storage/accounts.ts";
import { denySessions } from "../../storage/denylist.ts";
import { clearFailures } from "../../storage/lockouts.ts";
import { findLink, type OpenSecret } from "../../storage/one-time-secrets.ts";

export const RequestReset = z.strictObject({ ...identifierFields, turnstile_token: CaptchaToken }).check(oneIdentifier);

const newPassword = { new_password: NewPassword, confirm_password: z.string().nullish() };
const confirmed = z.refine<{ new_password: string; confirm_password?: string | null | undefined }>(
  (body) => isConfirmed(body.new_password, body.confirm_password),
  UNCONFIRMED,
);

/** What is no secret at all is an invalid token like any other. */
const LinkToken = text({ min: 0, max: 4096 });
export const ResetByLink = z.strictObject({ token: LinkToken, ...newPassword }).check(confirmed);
export const ResetByLinkInPath = z.strictObject(newPassword).check(confirmed);
export const ResetByCode = z
  .strictObject({ ...identifierFields, otp: Otp, ...newPassword })
  .check(oneIdentifier)
  .check(confirmed);

/** Asks for a link or a code. Whether there is such an account is found out after the answer, so neither its status nor
 *  its time tells. */
export const requestReset = async (
  deps: Deps,
  kind: "password-reset-link" | "password-reset-code",
  input: z.infer<typeof RequestReset>,
): Promise<Result> =>
  (await requireCaptcha(deps, input.turnstile_token)) ??
  deps.enqueue({ kind, identifier: parseIdentifier(input, deps.config.DEFAULT_COUNTRY) });

/** The queue's half: mails the link to the account, if there is one with a mail address. */
export async function sendResetLink(deps: Deps, request: MessageRequest, envelope: Envelope): Promise<Delivery> {
  const to = await recipientOf(deps, request, "email");
  if (!to) return SKIPPED;

  const token = deriveSecret(deps.config.PEPPER[0], envelope.id);
  const lifetimeSeconds = deps.config.RESET_TOKEN_TTL_SECONDS;
  const secret = { purpose: "password-reset-link", digest: digestOfSecret(token), lifetimeSeconds } as const;
  if (!(await issue(deps, secret, to, envelope))) return SKIPPED;

  const link = linkTo(siteOf(deps), token);
  const minutes = toMinutes(lifetimeSeconds);
  const wording = messages[to.locale].resetLink({ site: siteOf(deps).host, link, minutes });
  return deps.mail.send({ to: to.address, language: to.locale, ...wording }, envelope.id);
}

/** The queue's half: sends the code to the address that was given, if it is an account's. */
export async function sendResetCode(deps: Deps, request: MessageRequest, envelope: Envelope): Promise<Delivery> {
  const to = await recipientOf(deps, request);
  return to ? sendCode(deps, "password-reset-code", to, envelope) : SKIPPED;
}

/** Sets a new password by the token of a link, which works once. `invalid_token`. */
export async function resetByLink(
  deps: Deps,
  { token, new_password }: { token: string; new_password: string },
): Promise<Result> {
  if (!isSecret(token)) return err("invalid_token");
  // Looked up before the slow hash, so that a dead link costs one query; the batch decides the race.
  const link = await findLink(deps.db, "password-reset-link", digestOfSecret(token), deps.now());
  if (!link) return err("invalid_token");

  const refusal =
    deps.passwords.rejectIdentifiers("new_password", new_password, link) ??
    (await deps.passwords.rejectBreached("new_password", new_password));
  return refusal ?? reset(deps, link, new_password, "invalid_token");
}

/** Sets a new password by a code, which works once, for the account with this identifier. `invalid_code`;
 *  `too_many_attempts` after failures in a row. */
export async function resetByCode(deps: Deps, input: z.infer<typeof ResetByCode>): Promise<Result> {
  const identifier = parseIdentifier(input, deps.config.DEFAULT_COUNTRY);
  const breached = await deps.passwords.rejectBreached("new_password", input.new_password);
  if (breached) return breached;
  const code = await checkCode(deps, "password-reset-code", lockoutKey(deps, identifier), input.otp);
  if (!code.ok) return code;

  const done =
    deps.passwords.rejectIdentifiers("new_password", input.new_password, code.value) ??
    (await reset(deps, code.value, input.new_password, "invalid_code"));
  // The guess was right, whatever the new password came to.
  if (!done.ok && done.code !== "invalid_code") await clearFailures(deps.db, code.value);
  return done;
}

/** Sets the password, ends every session and tells the owner; `invalid` when the secret was used or replaced meanwhile. */
async function reset(deps: Deps, secret: OpenSecret, newPassword: string, invalid: ErrorCode): Promise<Result> {
  const passwordHash = await deps.passwords.hash(newPassword);
  if (!passwordHash.ok) return passwordHash;

  const notice = deps.newNotice();
  const ended = await resetPassword(deps.db, secret, passwordHash.value, notice, deps.audit());
  if (!ended) return err(invalid);

  deps.logSecurityEvent("password_reset", secret.userId);
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  deps.notify(notice);
  return ok();
}

/** Where the link points: `/reset-password` under the frontend's address, which may have a path. */
function linkTo(site: URL, token: string): string {
  const link = new URL(`${site.href.replace(/\/$/, "")}/reset-password`);
  link.searchParams.set("token", token);
  return link.href;
}
