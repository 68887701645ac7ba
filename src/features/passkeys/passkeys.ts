/**
 * The passkeys of an account: add, list, rename and remove.
 *
 * A new passkey is asked for with options and stored with the response of the authenticator. The
 * options need a proof of the user; their challenge carries it to the second request.
 */
import * as z from "zod";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { ceremonyOf, methodsOf, toDescriptor } from "../../auth/passkeys.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { RecoveryCodes } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Passkey, PasskeyList, RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { createRecoveryCodes, digestOfRecoveryCode } from "../../crypto/recovery-codes.ts";
import { CHALLENGE_TTL_SECONDS, createChallenge } from "../../crypto/webauthn/challenges.ts";
import { ALGORITHMS } from "../../crypto/webauthn/public-key.ts";
import { userHandleOf } from "../../crypto/webauthn/user-handle.ts";
import { verifyRegistration } from "../../crypto/webauthn/verify-registration.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { line } from "../../schemas/text.ts";
import { Transport } from "../../schemas/tokens.ts";
import { RegistrationResponse } from "../../schemas/webauthn.ts";
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
import { nameOfAuthenticator } from "./authenticators.ts";

const Name = line({ max: 60 });

export const PasskeyOptions = z.strictObject({
  password: OptionalPassword,
} satisfies RequestFields<contract.PasskeyOptions>);

export const AddPasskey = z.strictObject({
  credential: RegistrationResponse,
  name: optional(Name),
  transport: optional(Transport),
} satisfies RequestFields<contract.AddPasskey & TransportField>);

export const RenamePasskey = z.strictObject({ name: Name } satisfies RequestFields<contract.RenamePasskey>);

export const RemovePasskey = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.RemovePasskey & TransportField>);

/**
 * Creates the options for a new passkey of the user.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `passkey_exists` if the account has too many.
 */
export async function newPasskeyOptions(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof PasskeyOptions>,
): Promise<Result<RegistrationOptionsJSON>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { user, owner } = actor.value;
  const now = deps.now();
  const { lockout, passkeys: existing } = await listProvenPasskeys(deps.db, owner, now);
  if (!existing) return staleProof(deps, owner, lockout, now);
  if (existing.length >= MAX_PASSKEYS) return err("passkey_exists");
  const name = user.email ?? user.username ?? user.phone ?? user.id;
  const purpose = { purpose: "register", subject: subjectOf(session, owner.credentialVersion) } as const;
  return ok({
    challenge: createChallenge(deps.tokens.challengeKeys, purpose, deps.now()),
    rp: { id: deps.config.RP_ID, name: deps.config.BRAND_NAME ?? deps.config.RP_ID },
    user: { id: userHandleOf(user.id), name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: CHALLENGE_TTL_SECONDS * 1000,
    attestation: "none",
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    excludeCredentials: existing.map(toDescriptor),
    extensions: { credProps: true },
  });
}

/** The challenge of a registration is void after a change of credentials, or in another session. */
const subjectOf = ({ sessionId }: SessionRef, credentialVersion: number) => `${sessionId}/${credentialVersion}`;

/**
 * Adds a passkey. The first second factor of an account comes with recovery codes. Ends the user's
 * other sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: `unauthenticated`; `invalid_passkey` if the response is refused, its challenge has
 * expired, or a credential changed meanwhile; `passkey_exists` if an account has it already, or
 * this one has too many.
 */
export async function addOwnPasskey(
  deps: Deps,
  session: SessionRef,
  { credential, name }: z.infer<typeof AddPasskey>,
): Promise<Result<Tokens & Partial<RecoveryCodes> & { passkey: Passkey }>> {
  const { userId } = session;
  const audit = deps.audit();
  const given = ceremonyOf(deps, credential.response.clientDataJSON, "register");
  const user = await findPasskeyOwner(deps.db, session, audit.at);
  if (!user) return err("unauthenticated");
  const { credentialVersion } = user;
  if (given?.challenge.subject !== subjectOf(session, credentialVersion)) return err("invalid_passkey");
  const registered = await verifyRegistration(credential, { ...given.ceremony, userVerification: "preferred" });
  if (!registered.ok) return err("invalid_passkey");

  const { credentialId, userVerified, ...state } = registered.value;
  const passkey: PasskeyRow = {
    ...state,
    id: credentialId,
    userId,
    firstFactor: userVerified && credential.clientExtensionResults?.credProps?.rk !== false,
    name: name ?? nameOfAuthenticator(state.aaguid) ?? DEFAULT_NAME,
    createdAt: audit.at,
    lastUsedAt: null,
  };
  const codes = user.recoveryCodes === 0 ? createRecoveryCodes() : [];
  const notice = newNotice(deps, "passkey-added", userId);
  const { current, ended } = await addPasskey(
    deps.db,
    { session, credentialVersion, byGuess: false },
    {
      passkey,
      digests: codes.map((code) => digestOfRecoveryCode(deps.config.PEPPER[0], userId, code)),
      amr: [...new Set([...user.amr, ...methodsOf(registered.value), "mfa"])],
      notice,
    },
    audit,
  );
  if (!current) return err("passkey_exists");

  afterCommit(deps, { event: "passkey_added", userId, ended, notice });
  return ok({
    passkey: toPasskey(passkey),
    ...(await issueSessionTokens(deps, current)),
    ...(codes.length > 0 && { recovery_codes: codes }),
  });
}

const DEFAULT_NAME = "Passkey";

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
 * signs the user in.
 */
export async function removeOwnPasskey(
  deps: Deps,
  session: SessionRef,
  id: string,
  credentials: z.infer<typeof RemovePasskey>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner } = actor.value;
  const notice = newNotice(deps, "passkey-removed", session.userId);
  const audit = deps.audit();
  const { lockout, current, ended } = await removePasskey(deps.db, owner, { id, notice }, audit);
  if (!current) {
    const own = (await listPasskeys(deps.db, session.userId)).find((passkey) => passkey.id === id);
    if (!own) return err("not_found");
    return actor.value.user.passwordHash === null ? err("last_credential") : staleProof(deps, owner, lockout, audit.at);
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
