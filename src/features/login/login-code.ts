/**
 * Signing in by a mailed code or link, or by a texted code.
 *
 * `requestLoginCode` only queues: the queue consumer looks the account up, so neither the status
 * nor the response time reveals whether it exists. The link signs in where it was requested;
 * elsewhere it shows the code.
 */
import * as z from "zod/mini";
import { requireCaptcha } from "../../auth/captcha.ts";
import { Otp } from "../../auth/codes.ts";
import { requester } from "../../auth/device.ts";
import { guessAt } from "../../auth/lockout.ts";
import { proveLoginCode, proveLoginLink } from "../../auth/prove-login-code.ts";
import { completeSignIn } from "../../auth/sign-in.ts";
import type * as contract from "../../contract/requests.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import { digestOfSecret } from "../../crypto/one-time.ts";
import type { Deps } from "../../deps.ts";
import { err, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { secretRequest } from "../../schemas/secret-request.ts";
import { deviceField, LinkToken, Transport } from "../../schemas/tokens.ts";

export const RequestLoginCode = secretRequest();

export const CodeLogin = z
  .strictObject({
    ...identifierFields,
    ...deviceField,
    otp: Otp,
    transport: optional(Transport),
  } satisfies RequestFields<contract.CodeLogin & TransportField>)
  .check(oneIdentifier);

export const LinkLogin = z.strictObject({
  token: LinkToken,
  ...deviceField,
  transport: optional(Transport),
} satisfies RequestFields<contract.LinkLogin & TransportField>);

const refuse = (deps: Deps) => refuseMethod(deps, "email_code", "phone_code");

/**
 * Requests a code. `browser` is the nonce of the browser that asks, if there is one. Errors:
 * `not_found` if neither method is on; those of `requireCaptcha`; `messages_unavailable`.
 */
export const requestLoginCode = async (
  deps: Deps,
  input: z.infer<typeof RequestLoginCode>,
  browser?: string,
): Promise<Result> =>
  refuse(deps) ??
  (await requireCaptcha(deps, "login", input.turnstile_token)) ??
  deps.enqueue({
    kind: "login-code",
    identifier: await parseIdentifier(input, deps),
    ...(browser !== undefined && { browser_digest: digestOfSecret(browser) }),
    ...requester(deps, input.device_token),
  });

/**
 * Signs a user in by a code. `previousSessionId` is the session that the browser has until now.
 * Errors: `not_found`; those of `proveLoginCode` and `completeSignIn`.
 */
export async function loginByCode(
  deps: Deps,
  input: z.infer<typeof CodeLogin>,
  previousSessionId?: string,
): Promise<Result<Tokens>> {
  const off = refuse(deps);
  if (off) return off;
  const guess = guessAt(deps, await parseIdentifier(input, deps), input.device_token);
  const proof = await proveLoginCode(deps, guess, input.otp);
  if (!proof.ok) return proof;
  const { signIn, account } = proof.value;
  return completeSignIn(deps, { ...signIn, previousSessionId }, account);
}

/**
 * Signs a user in by a link, in the browser with this nonce. Errors: `not_found`; those of
 * `proveLoginLink` and `completeSignIn`.
 */
export async function loginByLink(
  deps: Deps,
  { token, device_token: deviceToken }: z.infer<typeof LinkLogin>,
  { browser, previousSessionId }: { browser: string | undefined; previousSessionId: string | undefined },
): Promise<Result<Tokens>> {
  const off = refuse(deps);
  if (off) return off;
  const proof = await proveLoginLink(deps, { token, deviceToken }, browser);
  if (!proof.ok) return proof;
  const { signIn, account } = proof.value;
  const tokens = await completeSignIn(deps, { ...signIn, previousSessionId }, account);
  // Another request has used the link.
  return !tokens.ok && tokens.code === "invalid_code" ? err("invalid_token") : tokens;
}
