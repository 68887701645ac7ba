import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { findActor, reauthenticateWithAllFactors, staleProof, verifyCredentials } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { offeredWays, refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { coded } from "../../schemas/parse.ts";
import { isConfirmed, newPasswordFields, OptionalPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { removePassword, replacePassword } from "../../storage/passwords.ts";
import { findOtherWayIn } from "../../storage/ways-in.ts";

export const ChangePassword = z
  .strictObject({
    old_password: OptionalPassword,
    current_password: OptionalPassword,
    ...newPasswordFields,
    transport: optional(Transport),
  } satisfies RequestFields<contract.ChangePassword & TransportField>)
  .check(
    z.refine((body) => body.old_password === undefined || body.current_password === undefined, {
      path: ["old_password"],
      error: "Give old_password or current_password, not both.",
      ...coded("conflict"),
    }),
    z.refine(({ new_password, confirm_password }) => isConfirmed(new_password, confirm_password), UNCONFIRMED),
  );

/**
 * Replaces the password, revokes the user's other sessions and returns the tokens of the session
 * that replaces this one.
 *
 * Errors: those of `refuseMethod` and `reauthenticate`, also if another change or the end of the
 * session was faster than the hashing; `invalid_request` if the new password is not acceptable;
 * `check_unavailable`.
 */
export async function changePassword(
  deps: Deps,
  session: SessionRef,
  { old_password, current_password, new_password }: z.infer<typeof ChangePassword>,
): Promise<Result<Tokens>> {
  const off = refuseMethod(deps, "password");
  if (off) return off;
  const credentials = { password: old_password ?? current_password };
  const user = await findActor(deps, session, credentials);
  if (!user.ok) return user;
  const rejected =
    (await deps.passwords.rejectGuessable("new_password", new_password, user.value)) ??
    (await deps.passwords.rejectBreached("new_password", new_password));
  if (rejected) return rejected;
  // Everything that can go wrong with the new password comes before the old one is verified: it
  // would reveal a right guess.
  const hash = await deps.passwords.hash(new_password);
  if (!hash.ok) return hash;
  const actor = await verifyCredentials(deps, session, user.value, credentials);
  if (!actor.ok) return actor;

  const { owner } = actor.value;
  const notice = newNotice(deps, "password-changed", session.userId);
  const audit = deps.audit();
  const { lockout, current, ended } = await replacePassword(deps.db, owner, { hash: hash.value, notice }, audit);
  if (!current) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "password_changed", userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}

export const RemovePassword = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.RemovePassword & TransportField>);

/**
 * Removes the password of a user whom something else signs in. Ends the user's other sessions and
 * returns the tokens of the session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found` without a password;
 * `last_credential` if nothing else signs the user in.
 */
export async function removeOwnPassword(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof RemovePassword>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  if (user.passwordHash === null) return err("not_found");

  const offered = offeredWays(deps);
  const notice = newNotice(deps, "password-removed", session.userId);
  const { lockout, current, ended } = await removePassword(deps.db, owner, { ...user, notice, offered }, deps.audit());
  if (!current) {
    const isLast = !(await findOtherWayIn(deps.db, session.userId, offered, { password: true }));
    return isLast ? err("last_credential") : staleProof(deps, owner, lockout, deps.now());
  }

  afterCommit(deps, { event: "password_removed", userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}
