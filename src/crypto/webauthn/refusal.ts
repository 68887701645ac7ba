/**
 * The reasons to refuse a response of an authenticator, as values.
 *
 * Inside this folder a failed check throws `Refusal`, so that each ceremony reads as the list of
 * steps in the specification. `attempt` turns it into a value: nothing is thrown to the caller.
 */
import { type Ok, ok } from "../../result.ts";

/** Why a response is refused. For tests and logs, not for people. */
export type RefusalReason =
  | "malformed_base64url"
  | "malformed_client_data"
  | "malformed_attestation"
  | "malformed_authenticator_data"
  | "malformed_cbor"
  | "id_mismatch"
  | "invalid_credential_id"
  | "wrong_type"
  | "wrong_challenge"
  | "wrong_origin"
  | "cross_origin"
  | "wrong_rp_id"
  | "wrong_user"
  | "user_not_present"
  | "user_not_verified"
  | "invalid_backup_flags"
  | "backup_eligibility_changed"
  | "unsupported_algorithm"
  | "invalid_public_key"
  | "invalid_signature"
  | "counter_not_increased";

/** The result of a verification. The caller chooses the error code of its answer. */
export type Verified<T> = Ok<T> | { ok: false; reason: RefusalReason };

export class Refusal extends Error {
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Refuses the response unless a condition holds. */
export function check(condition: boolean, reason: RefusalReason): asserts condition {
  if (!condition) throw new Refusal(reason);
}

/** Runs the steps of a ceremony. */
export async function attempt<T>(steps: () => Promise<T>): Promise<Verified<T>> {
  try {
    return ok(await steps());
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.reason };
    throw error;
  }
}
