/** Authenticator apps: add one with a code, and remove it. */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { TotpCode } from "../../auth/factors.ts";
import { createSealedSecret, matchFirstCode, newRecoveryCodes, requiresFactor, uriOf } from "../../auth/new-factors.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { RecoveryCodes, TotpSetup } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { TOTP_SETUP_SECONDS } from "../../storage/factors.ts";
import { confirmTotp, findTotpSetup, removeTotp, startTotp } from "../../storage/totps.ts";

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
  const { secret, sealed } = await createSealedSecret(deps, user.id);
  const audit = deps.audit();
  const { lockout, isStarted } = await startTotp(deps.db, owner, sealed, audit);
  if (!isStarted) return staleProof(deps, owner, lockout, audit.at);
  return ok({ secret, uri: uriOf(deps, secret, user), expires_in: TOTP_SETUP_SECONDS });
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
  const { userId } = session;
  const audit = deps.audit();
  const setup = await findTotpSetup(deps.db, session, audit.at);
  if (!setup) return err("unauthenticated");
  const step = setup.secret ? await matchFirstCode(deps, userId, setup.secret, code) : undefined;
  if (!setup.secret || !step) return err("invalid_code");

  const codes = setup.recoveryCodes === 0 ? newRecoveryCodes(deps, userId) : undefined;
  const notice = newNotice(deps, "totp-added", userId);
  const { current, ended } = await confirmTotp(
    deps.db,
    { session, credentialVersion: setup.credentialVersion, byGuess: false },
    {
      secret: setup.secret,
      step,
      digests: codes?.digests ?? [],
      amr: [...new Set([...setup.amr, "otp", "mfa"])],
      notice,
    },
    audit,
  );
  if (!current) return err("reauthentication_required");

  afterCommit(deps, { event: "totp_added", userId, ended, notice });
  return ok({ ...(await issueSessionTokens(deps, current)), ...(codes && { recovery_codes: codes.recovery_codes }) });
}

/**
 * Removes the authenticator app, and the recovery codes if no other second factor is left. Ends the
 * user's other sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found` without an app; `factor_required` if
 * `MFA_POLICY` needs it.
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
  if (user.passkeyCount === 0 && requiresFactor(deps, user.roles)) return err("factor_required");

  const notice = newNotice(deps, "totp-removed", session.userId);
  const audit = deps.audit();
  const { lockout, current, ended } = await removeTotp(deps.db, owner, notice, audit);
  if (!current) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "totp_removed", userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}
