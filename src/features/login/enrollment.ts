/**
 * Adding the second factor that `MFA_POLICY` requires, before the session opens. The login token of
 * the first factor takes the place of a session: it can add a factor and nothing else.
 */
import * as z from "zod/mini";
import { newNotice } from "../../auth/after-commit.ts";
import { TotpCode } from "../../auth/factors.ts";
import { guessSource } from "../../auth/lockout.ts";
import { createSealedSecret, matchFirstCode, nameOf, newRecoveryCodes, uriOf } from "../../auth/new-factors.ts";
import { creationOptions, verifyNewPasskey } from "../../auth/new-passkey.ts";
import { ceremonyOf } from "../../auth/passkeys.ts";
import { completeSignIn } from "../../auth/sign-in.ts";
import type { RecoveryCodes, TotpSetup } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { verifyLoginToken } from "../../crypto/login-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { deviceField, TokenText, Transport } from "../../schemas/tokens.ts";
import { PasskeyName, RegistrationResponse } from "../../schemas/webauthn.ts";
import type { Change } from "../../storage/credential-change.ts";
import { passkeyAddition } from "../../storage/passkeys.ts";
import type { CredentialProof } from "../../storage/session-conditions.ts";
import { findEnrollingUser, findEnrollment } from "../../storage/sign-in-accounts.ts";
import { startTotpEnrollment, totpConfirmation } from "../../storage/totps.ts";

export const Enroll = z.strictObject({ login_token: TokenText } satisfies RequestFields<contract.Enrollment>);

const confirmation = { login_token: TokenText, ...deviceField, transport: optional(Transport) };

export const ConfirmTotpEnrollment = z.strictObject({
  ...confirmation,
  code: TotpCode,
} satisfies RequestFields<contract.TotpEnrollment & TransportField>);

export const EnrollPasskey = z.strictObject({
  ...confirmation,
  credential: RegistrationResponse,
  name: optional(PasskeyName),
} satisfies RequestFields<contract.PasskeyEnrollment & TransportField>);

const pendingSignIn = ({ tokens, now }: Deps, token: string) =>
  verifyLoginToken(tokens.loginKeys, "enroll", token, now());

/**
 * Creates the secret of an authenticator app. It replaces one that was not confirmed.
 *
 * Errors: `invalid_login_token`, also after a change of credentials.
 */
export async function startEnrollment(deps: Deps, { login_token }: z.infer<typeof Enroll>): Promise<Result<TotpSetup>> {
  const pending = pendingSignIn(deps, login_token);
  if (!pending) return err("invalid_login_token");
  const { secret, sealed } = await createSealedSecret(deps, pending.userId);
  const user = await startTotpEnrollment(deps.db, pending, sealed, deps.now());
  if (!user) return err("invalid_login_token");
  const expires_in = Math.floor((pending.expiresAt - deps.now()) / 1000);
  return ok({ secret, uri: uriOf(deps, secret, user), expires_in });
}

/** Creates the options for a passkey. Errors: `invalid_login_token`. */
export async function enrollmentOptions(
  deps: Deps,
  { login_token }: z.infer<typeof Enroll>,
): Promise<Result<RegistrationOptionsJSON>> {
  const pending = pendingSignIn(deps, login_token);
  const user = pending && (await findEnrollingUser(deps.db, pending));
  if (!user) return err("invalid_login_token");
  const wanted = { purpose: "enroll", subject: subjectOf(pending), user: { id: user.id, name: nameOf(user) } } as const;
  return ok(creationOptions(deps, { ...wanted, signsInAlone: false }));
}

/** A challenge is void after a change of credentials, such as the passkey that answers it. */
const subjectOf = ({ userId, credentialVersion }: CredentialProof) => `${userId}/${credentialVersion}`;

/**
 * Adds the authenticator app and opens the session.
 *
 * Errors: those of `enroll`; `invalid_code`, also if no app waits for a code.
 */
export const confirmEnrollment = (
  deps: Deps,
  { code, ...input }: z.infer<typeof ConfirmTotpEnrollment>,
  previousSessionId?: string,
) =>
  enroll(deps, { ...input, previousSessionId }, async ({ userId }, { secret }, digests) => {
    const step = secret && (await matchFirstCode(deps, userId, secret, code));
    if (!secret || !step) return err("invalid_code");
    const notice = newNotice(deps, "totp-added", userId);
    const change = totpConfirmation(deps.db, userId, { secret, step, digests, notice }, deps.now());
    return ok({ change, amr: ["otp", "mfa"] });
  });

/**
 * Adds the passkey and opens the session.
 *
 * Errors: those of `enroll`; `invalid_passkey` if the response is refused or its challenge has
 * expired; `passkey_exists` if another account has it.
 */
export const enrollPasskey = (
  deps: Deps,
  { credential, name, ...input }: z.infer<typeof EnrollPasskey>,
  previousSessionId?: string,
) =>
  enroll(deps, { ...input, previousSessionId, credentialId: credential.id }, async (pending, { isTaken }, digests) => {
    const { userId } = pending;
    const given = ceremonyOf(deps, credential.response.clientDataJSON, "enroll");
    if (given?.challenge.subject !== subjectOf(pending)) return err("invalid_passkey");
    const added = await verifyNewPasskey(deps, credential, given, { userId, name, signsInAlone: false });
    if (!added) return err("invalid_passkey");
    if (isTaken) return err("passkey_exists");
    const notice = newNotice(deps, "passkey-added", userId);
    const change = passkeyAddition(deps.db, { passkey: added.passkey, digests, notice }, deps.now());
    return ok({ change, amr: [...added.amr, "mfa"] });
  });

interface Enrolling {
  login_token: string;
  device_token?: string | undefined;
  previousSessionId?: string | undefined;
  credentialId?: string | undefined;
}

type Proven = (
  pending: CredentialProof,
  found: Awaited<ReturnType<typeof findEnrollment>>,
  digests: string[],
) => Promise<Result<{ change: Change; amr: string[] }>>;

/**
 * Adds the factor that `prove` accepts, with recovery codes, and opens the session.
 *
 * Errors: `invalid_login_token`, also after a change of credentials; `too_many_attempts`; those of
 * `prove` and `completeSignIn`.
 */
async function enroll(
  deps: Deps,
  { login_token, device_token, previousSessionId, credentialId }: Enrolling,
  prove: Proven,
): Promise<Result<Tokens & RecoveryCodes>> {
  const pending = pendingSignIn(deps, login_token);
  if (!pending) return err("invalid_login_token");
  const { userId, credentialVersion } = pending;
  const guess = { ...guessSource(deps, device_token), account: { userId } };
  const found = await findEnrollment(deps.db, pending, { now: deps.now(), credentialId });
  if (found.account?.credentialVersion !== credentialVersion) return err("invalid_login_token");

  const { recovery_codes, digests } = newRecoveryCodes(deps, userId);
  const proven = await prove(pending, found, digests);
  if (!proven.ok) return proven;
  const amr = [...new Set([...pending.amr, ...proven.value.amr])];
  const { change } = proven.value;
  const signIn = { userId, credentialVersion, amr, authenticatedAt: deps.now(), guess, change, previousSessionId };
  const tokens = await completeSignIn(deps, signIn, found.account);
  return tokens.ok ? ok({ ...tokens.value, recovery_codes }) : tokens;
}
