/**
 * The passkeys of an account: add, list, rename and remove.
 *
 * A new passkey is asked for with options and stored with the response of the authenticator. The
 * options need a proof of the user; their challenge carries it to the second request.
 */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { nameOf, newRecoveryCodes, requiresFactor } from "../../auth/new-factors.ts";
import { creationOptions, verifyNewPasskey } from "../../auth/new-passkey.ts";
import { ceremonyOf } from "../../auth/passkeys.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { RecoveryCodes } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Passkey, PasskeyList, RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { userHandleOf } from "../../crypto/webauthn/user-handle.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { offeredWays, refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { PasskeyName, RegistrationResponse } from "../../schemas/webauthn.ts";
import type { PasskeyRow } from "../../storage/factors.ts";
import {
  addPasskey,
  findPasskeyOwner,
  listOwnPasskeys,
  listPasskeys,
  listProvenPasskeys,
  MAX_PASSKEYS,
  removePasskey,
  renamePasskey,
} from "../../storage/passkeys.ts";
import { findOtherWayIn } from "../../storage/ways-in.ts";

export const PasskeyOptions = z.strictObject({
  password: OptionalPassword,
} satisfies RequestFields<contract.PasskeyOptions>);

export const AddPasskey = z.strictObject({
  credential: RegistrationResponse,
  name: optional(PasskeyName),
  transport: optional(Transport),
} satisfies RequestFields<contract.AddPasskey & TransportField>);

export const RenamePasskey = z.strictObject({ name: PasskeyName } satisfies RequestFields<contract.RenamePasskey>);

export const RemovePasskey = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.RemovePasskey & TransportField>);

/**
 * Creates the options for a new passkey of the user.
 *
 * Errors: those of `refuseMethod` and `reauthenticateWithAllFactors`; `passkey_exists` if the
 * account has too many.
 */
export async function newPasskeyOptions(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof PasskeyOptions>,
): Promise<Result<RegistrationOptionsJSON>> {
  const off = refuseMethod(deps, "passkey");
  if (off) return off;
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { user, owner } = actor.value;
  const now = deps.now();
  const { lockout, passkeys: existing } = await listProvenPasskeys(deps.db, owner, now);
  if (!existing) return staleProof(deps, owner, lockout, now);
  if (existing.length >= MAX_PASSKEYS) return err("passkey_exists");
  const subject = subjectOf(session, owner.credentialVersion);
  const wanted = { purpose: "register", subject, user: { id: user.id, name: nameOf(user) }, existing } as const;
  return ok(creationOptions(deps, { ...wanted, signsInAlone: false }));
}

/** The challenge of a registration is void after a change of credentials, or in another session. */
const subjectOf = ({ sessionId }: SessionRef, credentialVersion: number) => `${sessionId}/${credentialVersion}`;

/**
 * Adds a passkey. The first second factor of an account comes with recovery codes. Ends the user's
 * other sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: those of `refuseMethod`; `unauthenticated`; `invalid_passkey` if the response is refused,
 * its challenge has expired, or a credential changed meanwhile; `passkey_exists` if an account has
 * it already, or this one has too many.
 */
export async function addOwnPasskey(
  deps: Deps,
  session: SessionRef,
  { credential, name }: z.infer<typeof AddPasskey>,
): Promise<Result<Tokens & Partial<RecoveryCodes> & { passkey: Passkey }>> {
  const off = refuseMethod(deps, "passkey");
  if (off) return off;
  const { userId } = session;
  const audit = deps.audit();
  const user = await findPasskeyOwner(deps.db, session, audit.at);
  if (!user) return err("unauthenticated");
  const { credentialVersion } = user;
  const given = ceremonyOf(deps, credential.response.clientDataJSON, "register");
  if (given?.challenge.subject !== subjectOf(session, credentialVersion)) return err("invalid_passkey");
  const added = await verifyNewPasskey(deps, credential, given, { userId, name, signsInAlone: false });
  if (!added) return err("invalid_passkey");

  const codes = user.recoveryCodes === 0 ? newRecoveryCodes(deps, userId) : undefined;
  const notice = newNotice(deps, "passkey-added", userId);
  const { current, ended } = await addPasskey(
    deps.db,
    { session, credentialVersion, byGuess: false },
    {
      passkey: added.passkey,
      digests: codes?.digests ?? [],
      amr: [...new Set([...user.amr, ...added.amr, "mfa"])],
      notice,
    },
    audit,
  );
  if (!current) return err("passkey_exists");

  afterCommit(deps, { event: "passkey_added", userId, ended, notice });
  return ok({
    passkey: toPasskey(added.passkey),
    ...(await issueSessionTokens(deps, current)),
    ...(codes && { recovery_codes: codes.recovery_codes }),
  });
}

/** Lists the passkeys of the user, oldest first. Errors: `unauthenticated`. */
export async function ownPasskeys(deps: Deps, session: SessionRef): Promise<Result<PasskeyList>> {
  const list = await listOwnPasskeys(deps.db, session, deps.now());
  if (!list) return err("unauthenticated");
  return ok({ passkeys: list.map(toPasskey), rp_id: deps.config.RP_ID, user_handle: userHandleOf(session.userId) });
}

/** Renames a passkey of the user. Errors: `not_found`, also if the session has ended. */
export async function renameOwnPasskey(
  deps: Deps,
  session: SessionRef,
  id: string,
  { name }: z.infer<typeof RenamePasskey>,
): Promise<Result<Passkey>> {
  const renamed = await renamePasskey(deps.db, session, { id, name, now: deps.now() });
  return renamed ? ok(toPasskey(renamed)) : err("not_found");
}

/**
 * Removes a passkey, and the recovery codes if no other second factor is left. Ends the user's
 * other sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found`; `last_credential` if nothing else
 * signs the user in; `factor_required` if `MFA_POLICY` needs it.
 */
export async function removeOwnPasskey(
  deps: Deps,
  session: SessionRef,
  id: string,
  credentials: z.infer<typeof RemovePasskey>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  const keepsFactor = requiresFactor(deps, user.roles);
  const notice = newNotice(deps, "passkey-removed", session.userId);
  const audit = deps.audit();
  const offered = offeredWays(deps);
  const change = { id, notice, keepsFactor, offered };
  const { lockout, current, ended } = await removePasskey(deps.db, owner, change, audit);
  if (!current) {
    const list = await listPasskeys(deps.db, session.userId);
    if (!list.some((passkey) => passkey.id === id)) return err("not_found");
    if (!(await findOtherWayIn(deps.db, session.userId, offered, { passkey: id }))) return err("last_credential");
    const isLastFactor = list.length === 1 && user.totpConfirmedAt === null;
    return keepsFactor && isLastFactor ? err("factor_required") : staleProof(deps, owner, lockout, audit.at);
  }

  afterCommit(deps, { event: "passkey_removed", userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}

const toPasskey = ({ id, name, createdAt, lastUsedAt, backedUp }: PasskeyRow): Passkey => ({
  id,
  name,
  created_at: new Date(createdAt).toISOString(),
  last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  backed_up: backedUp,
});
