/** Authenticator apps: add one with a code, and remove it. */
import * as z from "zod";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { TotpCode } from "../../auth/factors.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { RecoveryCodes, TotpSetup } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import { createRecoveryCodes, digestOfRecoveryCode } from "../../crypto/recovery-codes.ts";
import { seal, unseal } from "../../crypto/sealing.ts";
import { createTotpSecret, matchTotp, totpUri } from "../../crypto/totp.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { confirmTotp, findTotpSetup, removeTotp, startTotp, TOTP_SETUP_SECONDS } from "../../storage/totps.ts";

export const StartTotp = z.strictObject({
  password: OptionalPassword,
} satisfies RequestFields<contract.StartTotp>);

export const ConfirmTotp = z.strictObject({
  code: TotpCode,
  transport: optional(Transport),
} satisfies RequestFields<contract.ConfirmTotp & TransportField>);

export const RemoveTotp = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.RemoveTotp & TransportField>);

/**
 * Creates the secret of a new authenticator app. It replaces one that was not confirmed, and is
 * void after ten minutes.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `totp_exists`.
 */
export async function addTotp(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof StartTotp>,
): Promise<Result<TotpSetup>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;

  const { owner, user } = actor.value;
  if (user.totpConfirmedAt !== null) return err("totp_exists");
  const { BRAND_NAME, ISSUER, PEPPER } = deps.config;
  const secret = createTotpSecret();
  const audit = deps.audit();
  const { lockout, isStarted } = await startTotp(deps.db, owner, await seal(PEPPER, user.id, secret), audit);
  if (!isStarted) return staleProof(deps, owner, lockout, audit.at);

  const account = user.email ?? user.username ?? user.phone ?? user.id;
  const uri = totpUri(secret, { issuer: BRAND_NAME ?? new URL(ISSUER).hostname, account });
  return ok({ secret, uri, expires_in: TOTP_SETUP_SECONDS });
}

/**
 * Confirms a new authenticator app by one of its codes. The first second factor of an account comes
 * with recovery codes. Ends the user's other sessions and returns the tokens of the session that
 * replaces this one.
 *
 * Errors: `unauthenticated`; `invalid_code`, also if no app waits for a code;
 * `reauthentication_required` if a credential changed meanwhile.
 */
export async function confirmOwnTotp(
  deps: Deps,
  session: SessionRef,
  { code }: z.infer<typeof ConfirmTotp>,
): Promise<Result<Tokens & Partial<RecoveryCodes>>> {
  const { PEPPER } = deps.config;
  const { userId } = session;
  const audit = deps.audit();
  const setup = await findTotpSetup(deps.db, session, audit.at);
  if (!setup) return err("unauthenticated");
  const secret = setup.secret === null ? undefined : await unseal(PEPPER, userId, setup.secret);
  const step = secret && matchTotp(secret, code, { now: audit.at, lastStep: null });
  if (!setup.secret || !step) return err("invalid_code");

  const codes = setup.recoveryCodes === 0 ? createRecoveryCodes() : [];
  const notice = newNotice(deps, "totp-added", userId);
  const { current, ended } = await confirmTotp(
    deps.db,
    { session, credentialVersion: setup.credentialVersion, byGuess: false },
    {
      secret: setup.secret,
      step,
      digests: codes.map((each) => digestOfRecoveryCode(PEPPER[0], userId, each)),
      amr: [...new Set([...setup.amr, "otp", "mfa"])],
      notice,
    },
    audit,
  );
  if (!current) return err("reauthentication_required");

  afterCommit(deps, { event: "totp_added", userId, ended, notice });
  return ok({ ...(await issueSessionTokens(deps, current)), ...(codes.length > 0 && { recovery_codes: codes }) });
}

/**
 * Removes the authenticator app, and the recovery codes if no other second factor is left. Ends the
 * user's other sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found` without an app.
 */
export async function removeOwnTotp(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof RemoveTotp>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  if (user.totpConfirmedAt === null) return err("not_found");

  const notice = newNotice(deps, "totp-removed", session.userId);
  const audit = deps.audit();
  const { lockout, current, ended } = await removeTotp(deps.db, owner, notice, audit);
  if (!current) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "totp_removed", userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}
