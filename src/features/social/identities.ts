/** The identities of an account: list, link and unlink. */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { lockoutError } from "../../auth/lockout.ts";
import { type Credentials, reauthenticateWithAllFactors } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { IdentityLink, IdentityList } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { offeredWays } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { toIdentity } from "../../schemas/user.ts";
import { findIdentityOwner, type IdentityRow, listIdentities, listOwnIdentities } from "../../storage/identities.ts";
import { linkIdentity, MAX_IDENTITIES, unlinkIdentity } from "../../storage/identity-links.ts";
import { providerOf } from "./social.ts";
import { type LinkOwner, sealLink } from "./state.ts";

export const LinkIdentity = z.strictObject({
  provider: z.string().check(z.maxLength(32)),
  return_to: optional(z.string()),
  password: OptionalPassword,
} satisfies RequestFields<contract.LinkIdentity>);

export const UnlinkIdentity = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.UnlinkIdentity & TransportField>);

/** Lists the identities of the user, oldest first. Errors: `unauthenticated`. */
export async function ownIdentities(deps: Deps, session: SessionRef): Promise<Result<IdentityList>> {
  const own = await listOwnIdentities(deps.db, session, deps.now());
  return own ? ok({ identities: own.list.map(toIdentity) }) : err("unauthenticated");
}

/**
 * Returns the address that links an identity of this provider to the user, in the browser that has
 * the session. Valid for ten minutes, unless a credential changes.
 *
 * Errors: `not_found` for an unknown provider; those of `reauthenticateWithAllFactors`.
 */
export async function startLink(
  deps: Deps,
  session: SessionRef,
  { provider: id, returnTo, ...credentials }: { provider: string; returnTo?: string | undefined } & Credentials,
): Promise<Result<IdentityLink>> {
  const provider = providerOf(deps, id);
  if (!provider) return err("not_found");
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { credentialVersion } = actor.value.owner;
  const { userId, sessionId } = session;
  const link = await sealLink(deps, provider, { owner: { userId, sessionId, credentialVersion }, returnTo });
  return ok({ url: `${deps.config.ISSUER}/auth/social/${id}?link=${link}` });
}

/**
 * Links an identity that was proven to a user who has proven all factors. Ends the user's other
 * sessions and returns the tokens of the session that replaces this one, or undefined if the user
 * has the identity already.
 *
 * Errors: `identity_exists` if another account has it, or this one has too many;
 * `reauthentication_required` if the proof no longer holds.
 */
export async function linkProven(
  deps: Deps,
  { userId, sessionId, credentialVersion }: LinkOwner,
  identity: IdentityRow,
): Promise<Result<Tokens | undefined>> {
  const notice = newNotice(deps, "identity-linked", userId);
  const owner = { session: { userId, sessionId }, credentialVersion, byGuess: false };
  // It was proven before, perhaps before an address was: a reset would take it for a stranger's.
  const linked = { ...identity, linkedAt: deps.now() };
  const { current, ended } = await linkIdentity(deps.db, owner, { identity: linked, notice }, deps.audit());
  if (!current) {
    const linkedTo = await findIdentityOwner(deps.db, identity);
    if (linkedTo === userId) return ok(undefined);
    const isFull = (await listIdentities(deps.db, userId)).length >= MAX_IDENTITIES;
    return err(linkedTo || isFull ? "identity_exists" : "reauthentication_required");
  }

  afterCommit(deps, { event: "identity_linked", userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}

/** As `linkProven`, in a session that was authenticated with all factors a moment ago. */
export async function linkOwn(
  deps: Deps,
  session: SessionRef,
  identity: IdentityRow,
  credentials: Credentials,
): Promise<Result<Tokens | undefined>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  return linkProven(deps, { ...session, credentialVersion: actor.value.owner.credentialVersion }, identity);
}

/**
 * Unlinks an identity of the user. Ends the user's other sessions and returns the tokens of the
 * session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found`; `last_credential` if nothing else
 * signs the user in.
 */
export async function unlinkOwn(
  deps: Deps,
  session: SessionRef,
  id: string,
  credentials: Credentials,
): Promise<Result<Tokens>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { userId } = session;
  const notice = newNotice(deps, "identity-unlinked", userId);
  const change = { id, notice, offered: offeredWays(deps) };
  const { lockout, current, ended } = await unlinkIdentity(deps.db, actor.value.owner, change, deps.audit());
  if (!current) {
    const list = await listIdentities(deps.db, userId);
    if (!list.some((identity) => identity.id === id)) return err("not_found");
    return lockoutError(deps, lockout, deps.now(), userId) ?? err("last_credential");
  }

  afterCommit(deps, { event: "identity_unlinked", userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}
