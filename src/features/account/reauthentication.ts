import * as z from "zod";
import { afterCommit } from "../../auth/after-commit.ts";
import { FactorCode } from "../../auth/factors.ts";
import { lockoutError } from "../../auth/lockout.ts";
import { authenticationOptions } from "../../auth/passkeys.ts";
import { reauthenticate, reauthenticateByFactor } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { AuthenticationOptionsJSON } from "../../contract/webauthn.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { AuthenticationResponse } from "../../schemas/webauthn.ts";
import { listOwnPasskeys } from "../../storage/passkeys.ts";
import { reauthenticateSession } from "../../storage/sessions.ts";

export const Reauthenticate = z
  .strictObject({
    password: OptionalPassword,
    code: optional(FactorCode),
    credential: optional(AuthenticationResponse),
    transport: optional(Transport),
  } satisfies RequestFields<contract.Reauthenticate & TransportField>)
  .check(exactlyOne("password", "code", "credential"));

/** Creates the options to prove the user by a passkey. Errors: `unauthenticated`. */
export async function reauthenticationOptions(
  deps: Deps,
  session: SessionRef,
): Promise<Result<AuthenticationOptionsJSON>> {
  const passkeys = await listOwnPasskeys(deps.db, session, deps.now());
  if (!passkeys) return err("unauthenticated");
  const challengedFor = { purpose: "reauthenticate", subject: session.sessionId } as const;
  return ok(authenticationOptions(deps, { ...challengedFor, isFirstFactor: false, verifiesUser: true }, passkeys));
}

/**
 * Proves the user of a session again and returns the tokens of the session that replaces it. Their
 * `auth_time` is now (RFC 9470). After a password their `amr` are those of this proof; a second
 * factor joins those of the session. The old tokens are void.
 *
 * Errors: `unauthenticated`; `invalid_credentials` or `invalid_code`; `too_many_attempts`;
 * `overloaded`.
 */
export async function renewAuthentication(
  deps: Deps,
  session: SessionRef,
  { password, code, credential }: z.infer<typeof Reauthenticate>,
): Promise<Result<Tokens>> {
  const proven =
    code === undefined && credential === undefined
      ? await byPassword(deps, session, password)
      : await reauthenticateByFactor(deps, session, { code, credential });
  if (!proven.ok) return proven;

  const { owner, user, amr, use } = proven.value;
  const { userId } = session;
  const audit = deps.audit();
  const { lockout, replacement, ended } = await reauthenticateSession(deps.db, owner, { amr, use }, audit);
  if (!replacement) {
    const locked = lockoutError(deps, lockout, audit.at, userId);
    return locked ?? err(use ? "invalid_code" : "invalid_credentials");
  }

  afterCommit(deps, { event: "reauthenticated", userId, ended });
  if (use?.factor === "recovery_code") afterCommit(deps, { event: "recovery_code_used", userId, notice: use.notice });
  return ok(await issueSessionTokens(deps, { user, session: replacement }));
}

async function byPassword(deps: Deps, session: SessionRef, password: string | undefined) {
  const actor = await reauthenticate(deps, session, { password });
  return actor.ok ? ok({ ...actor.value, amr: ["pwd"], use: undefined }) : actor;
}
