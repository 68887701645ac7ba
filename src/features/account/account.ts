/**
 * Acts of users on their own account: read, change the profile, delete. Each takes the session that
 * acts.
 */

import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { reauthenticate, staleProof } from "../../auth/reauthenticate.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { User } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { type Locale, pickLocale } from "../../locales/locales.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { refuseTaken, Username } from "../../schemas/identifier.ts";
import { clearable } from "../../schemas/optional.ts";
import { coded } from "../../schemas/parse.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { profileFields, refuseContact, toProfileEdit } from "../../schemas/profile.ts";
import { toUser } from "../../schemas/user.ts";
import { isDenied } from "../../storage/denylist.ts";
import { changeProfile } from "../../storage/profiles.ts";
import { findSessionUser } from "../../storage/session-user.ts";
import { deleteOwnUser } from "../../storage/user-deletion.ts";

const PROFILE_CHANGE = z.strictObject({
  username: clearable(Username),
  ...profileFields,
  password: OptionalPassword,
} satisfies RequestFields<contract.ProfileChange>);

export const ProfileChange = PROFILE_CHANGE.check(
  z.refine(({ password: _, ...change }) => Object.keys(change).length > 0, {
    error: "Give at least one field.",
    ...coded("required"),
  }),
);

/** The part of the profile that changes without a proof. */
export const PlainProfileChange = z.omit(PROFILE_CHANGE, { username: true, contact: true, password: true });

/** The part that needs one. */
export const UsernameChange = z.pick(PROFILE_CHANGE, { username: true, contact: true, password: true });

export const DeleteAccount = z.strictObject({
  password: OptionalPassword,
} satisfies RequestFields<contract.DeleteAccount>);

/**
 * Finds the user of a session. Returns `unauthenticated` if the session has ended, or if the
 * account must have a verified address and has none.
 *
 * A replica may not know yet that the session began or ended; the denylist knows the end sooner.
 * The primary decides where either is in doubt.
 */
export async function currentUser(deps: Deps, session: SessionRef): Promise<Result<User>> {
  const query = { now: deps.now(), mustBeVerified: deps.config.REQUIRE_VERIFICATION };
  const [nearby, denied] = await Promise.all([
    findSessionUser(deps.replica, session, query),
    isDenied(deps.denylist, session.sessionId),
  ]);
  if (denied) return err("unauthenticated");

  const user = nearby && denied === false ? nearby : await findSessionUser(deps.db, session, query);
  return user ? ok(toUser(user)) : err("unauthenticated");
}

/**
 * Changes the profile. Missing fields stay as they are, null clears a field. A change of the
 * username or of `contact` needs a proof, and the owner is notified of a new username.
 *
 * Errors: `unauthenticated`; `username_taken`; `invalid_request` if `contact` names an address that
 * the account does not have; those of `reauthenticate` if `username` or `contact` is given.
 */
export async function changeOwnProfile(
  deps: Deps,
  session: SessionRef,
  { password, ...change }: z.infer<typeof ProfileChange>,
): Promise<Result<User>> {
  const { username, contact } = change;
  const needsProof = username !== undefined || contact !== undefined;
  const actor = needsProof ? await reauthenticate(deps, session, { password }) : undefined;
  if (actor && !actor.ok) return actor;

  const owner = actor?.value.owner;
  const notice = newNotice(deps, "username-changed", session.userId);
  const edit = { username, ...toProfileEdit(change) };
  const audit = deps.audit();
  const changed = await changeProfile(deps.db, session, edit, audit, owner && { owner, notice });
  const { before, after, lockout } = changed;
  if (!before) return owner ? staleProof(deps, owner, lockout, audit.at) : err("unauthenticated");
  if (!after) return contact && !before[contact] ? refuseContact() : refuseTaken(["username"]);

  if (before.username !== after.username) {
    afterCommit(deps, { event: "username_changed", userId: session.userId, notice });
  }
  return ok(toUser(after));
}

/**
 * Stores a language that the user chose on a page. A profile that names a variant of it keeps that:
 * `de-CH` is German. A session that has ended stores nothing.
 *
 * Errors: `too_many_requests`, `check_unavailable`.
 */
export async function chooseLanguage(deps: Deps, session: SessionRef, language: Locale): Promise<Result> {
  const refused = await deps.limit("sessions", session.userId);
  if (refused) return refused;
  const query = { now: deps.now(), mustBeVerified: deps.config.REQUIRE_VERIFICATION };
  const user = await findSessionUser(deps.db, session, query);
  if (user && pickLocale([user.locale ?? ""]) !== language) {
    await changeOwnProfile(deps, session, { locale: language });
  }
  return ok();
}

/**
 * Deletes the account, revokes its sessions and frees its identifiers.
 *
 * Errors: those of `reauthenticate`.
 */
export async function deleteOwnAccount(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof DeleteAccount>,
): Promise<Result> {
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;

  const { owner } = actor.value;
  const notice = newNotice(deps, "account-deleted", session.userId);
  const audit = deps.audit();
  const { lockout, ended } = await deleteOwnUser(deps.db, owner, notice, audit);
  if (!ended) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "account_deleted", userId: session.userId, ended, notice });
  return ok();
}
