import * as z from "zod";
import { afterCommit } from "../../auth/after-commit.ts";
import { reauthenticate, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { reauthenticateSession } from "../../storage/sessions.ts";

export const Reauthenticate = z.strictObject({
  password: CurrentPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.Reauthenticate & TransportField>);

/**
 * Proves the user of a session again and returns the tokens of the session that replaces it. Their
 * `auth_time` is now (RFC 9470) and their `amr` are those of this proof. The old tokens are void.
 *
 * Errors: those of `reauthenticate`.
 */
export async function renewAuthentication(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof Reauthenticate>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;

  const { owner, user } = actor.value;
  const audit = deps.audit();
  const { lockout, replacement, ended } = await reauthenticateSession(deps.db, owner, ["pwd"], audit);
  if (!replacement) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "reauthenticated", userId: session.userId, ended });
  return ok(await issueSessionTokens(deps, { user, session: replacement }));
}
