import * as z from "zod/mini";
import { afterCommit } from "../../auth/after-commit.ts";
import { Otp } from "../../auth/codes.ts";
import { FactorCode } from "../../auth/factors.ts";
import { lockoutError } from "../../auth/lockout.ts";
import { authenticationOptions } from "../../auth/passkeys.ts";
import { reauthenticate, reauthenticateByCode, reauthenticateByFactor } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { AuthenticationOptionsJSON } from "../../contract/webauthn.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { refuseMethod, signsInByCode } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { Transport } from "../../schemas/tokens.ts";
import { AuthenticationResponse } from "../../schemas/webauthn.ts";
import type { FactorUse } from "../../storage/factors.ts";
import { listOwnPasskeys } from "../../storage/passkeys.ts";
import { findSessionCredentials } from "../../storage/passwords.ts";
import type { OpenSecret } from "../../storage/secrets.ts";
import type { Reauthenticated } from "../../storage/session-conditions.ts";
import type { CurrentSession } from "../../storage/session-replacement.ts";
import { reauthenticateSession } from "../../storage/sessions.ts";

export const Reauthenticate = z
  .strictObject({
    password: OptionalPassword,
    code: optional(FactorCode),
    credential: optional(AuthenticationResponse),
    otp: optional(Otp),
    transport: optional(Transport),
  } satisfies RequestFields<contract.Reauthenticate & TransportField>)
  .check(exactlyOne("password", "code", "credential", "otp"));

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
 * Requests a code for `renewAuthentication`, to a proven address. It goes to the owner: strangers
 * cannot use up its budget.
 *
 * Errors: those of `refuseMethod`; `unauthenticated`; `not_found` if there is no such address;
 * `messages_unavailable`.
 */
export async function requestReauthentication(deps: Deps, session: SessionRef): Promise<Result> {
  const off = refuseMethod(deps, "email_code", "phone_code");
  if (off) return off;
  const { user } = await findSessionCredentials(deps.db, session, deps.now());
  if (!user) return err("unauthenticated");
  if (!signsInByCode(deps, user)) return { ...err("not_found"), detail: NO_ADDRESS };
  const { id, credentialVersion } = user;
  return deps.enqueue({
    kind: "reauthentication-code",
    identifier: { kind: "id", value: id },
    trusted: { user_id: id, credential_version: credentialVersion },
  });
}

const NO_ADDRESS = "The account has no verified address that codes are sent to.";

/**
 * Proves the user of a session again and returns the tokens of the session that replaces it. Their
 * `auth_time` is now (RFC 9470). After a password or a code that was sent their `amr` are those of
 * this proof; a second factor joins those of the session. The old tokens are void.
 *
 * Errors: `unauthenticated`; `invalid_credentials` or `invalid_code`; `too_many_attempts`;
 * `overloaded`.
 */
export async function renewAuthentication(
  deps: Deps,
  session: SessionRef,
  { password, code, credential, otp }: z.infer<typeof Reauthenticate>,
): Promise<Result<Tokens>> {
  const proven =
    otp !== undefined
      ? await reauthenticateByCode(deps, session, otp)
      : code === undefined && credential === undefined
        ? await byPassword(deps, session, password)
        : await reauthenticateByFactor(deps, session, { code, credential });
  if (!proven.ok) return proven;

  const { owner, user, amr, use, code: sent }: Proven = proven.value;
  const { userId } = session;
  const audit = deps.audit();
  const { lockout, replacement, ended } = await reauthenticateSession(deps.db, owner, { amr, use, code: sent }, audit);
  if (!replacement) {
    const locked = lockoutError(deps, lockout, audit.at, userId);
    return locked ?? err(use || sent ? "invalid_code" : "invalid_credentials");
  }

  afterCommit(deps, { event: "reauthenticated", userId, ended });
  if (use?.factor === "recovery_code") afterCommit(deps, { event: "recovery_code_used", userId, notice: use.notice });
  return ok(await issueSessionTokens(deps, { user, session: replacement }));
}

/** The user that was proven, and the proof that is used up. */
interface Proven {
  owner: Reauthenticated;
  user: CurrentSession["user"];
  amr: string[];
  use?: FactorUse | undefined;
  code?: OpenSecret;
}

async function byPassword(deps: Deps, session: SessionRef, password: string | undefined) {
  const actor = await reauthenticate(deps, session, { password });
  return actor.ok ? ok({ ...actor.value, amr: ["pwd"], use: undefined }) : actor;
}
