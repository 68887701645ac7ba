import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { newRecoveryCodes } from "../../auth/new-factors.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { RecoveryCodes } from "../../contract/factors.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { secondFactorsOf } from "../../storage/factors.ts";
import { replaceRecoveryCodes } from "../../storage/recovery-codes.ts";

export const CreateRecoveryCodes = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.CreateRecoveryCodes & TransportField>);

/**
 * Replaces the recovery codes by a new set, which is not shown again. Ends the user's other
 * sessions and returns the tokens of the session that replaces this one.
 *
 * Errors: those of `reauthenticateWithAllFactors`; `not_found` if the account has no second factor
 * that they could replace.
 */
export async function renewRecoveryCodes(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof CreateRecoveryCodes>,
): Promise<Result<Tokens & RecoveryCodes>> {
  const actor = await reauthenticateWithAllFactors(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  if (secondFactorsOf(user).length === 0) return err("not_found");

  const { recovery_codes, digests } = newRecoveryCodes(deps, user.id);
  const notice = newNotice(deps, "recovery-codes-created", user.id);
  const audit = deps.audit();
  const { lockout, current, ended } = await replaceRecoveryCodes(deps.db, owner, { digests, notice }, audit);
  if (!current) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "recovery_codes_created", userId: user.id, ended, notice });
  return ok({ ...(await issueSessionTokens(deps, current)), recovery_codes });
}
