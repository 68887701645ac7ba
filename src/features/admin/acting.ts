/** Acts of administrators, who are users with a role: what they may do, and who may administer. */
import * as z from "zod/mini";
import { isRecent } from "../../auth/reauthenticate.ts";
import type * as contract from "../../contract/admin-service.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { isMultiFactor, MIN_PROOF_SECONDS } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { parseArgument } from "../../schemas/parse.ts";
import { line } from "../../schemas/text.ts";
import { UserId } from "../../schemas/user.ts";
import { actingAs, isRefusal, OWNER, type Subject } from "../../storage/administrators.ts";
import { secondFactorsOf } from "../../storage/factors.ts";
import { findSessionCredentials } from "../../storage/passwords.ts";

const ActBy = z.strictObject({
  administrator: UserId,
  reason: line({ max: 500 }),
} satisfies RequestFields<contract.ActBy>);

/** The subject of an act, and its effect on roles. */
export interface Target extends Subject {
  /** The roles that the user gets. */
  roles?: string[];
  /** Nobody does this to themselves. */
  isOfOthers?: boolean;
}

/**
 * Performs an act of an administrator: its events have `by`, and nothing changes if the rules in
 * `contract/admin-service.ts` forbid it. Errors: those of the act; `forbidden`.
 */
export async function actBy<T>(
  deps: Deps,
  given: contract.ActBy,
  { roles = [], isOfOthers, ...subject }: Target,
  act: (deps: Deps) => Promise<Result<T>>,
): Promise<Result<T>> {
  const by = parseArgument(ActBy, given);
  if (!by.ok) return by;
  const { administrator } = by.value;
  const { ADMIN_ROLE } = deps.config;
  if (isOfOthers && subject.user === administrator) return err("forbidden");
  const needsOwner = subject.needsOwner || roles.some((role) => [ADMIN_ROLE, OWNER].includes(role));
  const db = actingAs(deps.db, administrator, ADMIN_ROLE, { ...subject, needsOwner });
  try {
    return await act({ ...deps, db, audit: () => ({ ...deps.audit(), by: by.value }) });
  } catch (error) {
    if (isRefusal(error)) return err("forbidden");
    throw error;
  }
}

/**
 * Finds the administrator whose session this is. Errors: `unauthenticated`, `forbidden`,
 * `reauthentication_required`.
 */
export async function identifyAdministrator(
  deps: Deps,
  session: SessionRef | undefined,
): Promise<Result<contract.Administrator>> {
  const { config, db, now } = deps;
  const { user } = session ? await findSessionCredentials(db, session, now()) : {};
  if (!user) return err("unauthenticated");
  if (![config.ADMIN_ROLE, OWNER].some((role) => user.roles.includes(role))) return err("forbidden");
  const hasFactor = secondFactorsOf(user).length > 0;
  const isProven = isMultiFactor(user.amr);
  if (hasFactor && !isProven) return { ...err("reauthentication_required"), acr: "aal2" };
  return ok({
    id: user.id,
    username: user.username,
    display_name: user.username ?? user.email ?? user.phone ?? user.id,
    email: user.email,
    roles: user.roles,
    aal: isProven ? "aal2" : "aal1",
    has_factor: hasFactor,
    authenticated_at: new Date(user.authenticatedAt).toISOString(),
    fresh: isRecent(deps, user, MIN_PROOF_SECONDS),
    locale: user.locale,
  });
}
